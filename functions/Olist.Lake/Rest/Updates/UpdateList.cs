using Olist.Lake.Metadata;

namespace Olist.Lake.Rest.Updates;

/// <summary>The updates of a commit, in their order; applied again on every version that the commit is tried on.</summary>
sealed class UpdateList
{
    static readonly Dictionary<string, Action<MetadataDraft, JsonNodeView>> Actions = new(StringComparer.Ordinal)
    {
        ["assign-uuid"] = (draft, json) => draft.AssignUuid(json.Get("uuid")),
        ["upgrade-format-version"] = (_, json) => MetadataDraft.UpgradeFormat(json.Get("format-version")),
        ["set-location"] = (draft, json) => draft.SetLocation(json.Get("location")),
        ["add-schema"] = (draft, json) => SchemaUpdates.Add(draft, StrictSchema.Read(json.Get("schema"), lowestId: 1), json.Get("schema"), json.Find("last-column-id")?.AsInt()),
        ["set-current-schema"] = (draft, json) => draft.SetCurrentSchema(json.Get("schema-id").AsInt(), json),
        ["remove-schemas"] = SchemaUpdates.Remove,
        ["add-spec"] = (draft, json) => SpecUpdates.Add(draft, json.Get("spec")),
        ["set-default-spec"] = (draft, json) => draft.SetDefaultSpec(json.Get("spec-id").AsInt(), json),
        ["remove-partition-specs"] = SpecUpdates.Remove,
        ["add-sort-order"] = (draft, json) => SortOrderUpdates.Add(draft, json.Get("sort-order")),
        ["set-default-sort-order"] = (draft, json) => draft.SetDefaultSortOrder(json.Get("sort-order-id").AsInt(), json),
        ["add-snapshot"] = (draft, json) => SnapshotUpdates.Add(draft, json.Get("snapshot")),
        ["set-snapshot-ref"] = SnapshotUpdates.SetRef,
        ["remove-snapshots"] = SnapshotUpdates.Remove,
        ["remove-snapshot-ref"] = SnapshotUpdates.RemoveRef,
        ["set-properties"] = (draft, json) => PropertyUpdates.Set(draft, json.Find("updates") ?? json.Find("updated") ?? json.Get("updates")),
        ["remove-properties"] = (draft, json) => PropertyUpdates.Remove(draft, json.Find("removals") ?? json.Find("removed") ?? json.Get("removals")),
        ["set-statistics"] = (draft, json) => StatisticsUpdates.Set(draft, json.Get("statistics"), "statistics"),
        ["remove-statistics"] = (draft, json) => StatisticsUpdates.Remove(draft, json, "statistics"),
        ["set-partition-statistics"] = (draft, json) => StatisticsUpdates.Set(draft, json.Get("partition-statistics"), "partition-statistics"),
        ["remove-partition-statistics"] = (draft, json) => StatisticsUpdates.Remove(draft, json, "partition-statistics"),
    };

    readonly List<(Action<MetadataDraft, JsonNodeView> Apply, JsonNodeView Json)> _updates = [];

    /// <summary>Unknown actions are refused before anything is tried.</summary>
    public static UpdateList Read(JsonNodeView json)
    {
        var list = new UpdateList();
        foreach (var item in json.Items())
        {
            var action = item.Get("action").AsString();
            list._updates.Add((Actions.GetValueOrDefault(action) ?? throw item.Corrupt($"update '{action}' is not known"), item));
        }
        return list;
    }

    public void Apply(MetadataDraft draft)
    {
        foreach (var (apply, json) in _updates) apply(draft, json);
    }
}
