using System.Text.Json;
using Olist.Lake.Metadata;

namespace Olist.Lake.Rest.Updates;

/// <summary>Lists of statistics files, which are kept for others and not read here: one entry per snapshot.</summary>
static class StatisticsUpdates
{
    public static void Set(MetadataDraft draft, JsonNodeView entry, string kind)
    {
        var snapshot = entry.Get("snapshot-id").AsLong();
        if (draft.Metadata.FindSnapshot(snapshot) is null) throw entry.Corrupt($"there is no snapshot {snapshot}");
        _ = entry.Get("statistics-path").AsString();
        _ = entry.Get("file-size-in-bytes").AsLong();
        if (kind == "statistics")
        {
            _ = entry.Get("file-footer-size-in-bytes").AsLong();
            foreach (var blob in entry.Get("blob-metadata").Items()) _ = (blob.Get("type").AsString(), blob.Get("snapshot-id").AsLong(), blob.Get("sequence-number").AsLong());
        }
        Replace(draft, kind, [.. Without(draft, kind, [snapshot]), entry.AsRaw()]);
    }

    public static void Remove(MetadataDraft draft, JsonNodeView json, string kind) => Remove(draft, [json.Get("snapshot-id").AsLong()], kind);

    public static void Remove(MetadataDraft draft, HashSet<long> snapshots, string kind)
    {
        var kept = Without(draft, kind, snapshots);
        if (kept.Count < Entries(draft, kind).Count) Replace(draft, kind, kept);
    }

    static List<string> Without(MetadataDraft draft, string kind, HashSet<long> snapshots) =>
        [.. Entries(draft, kind).Where(entry => !snapshots.Contains(entry.SnapshotId)).Select(entry => entry.Raw)];

    static List<(long SnapshotId, string Raw)> Entries(MetadataDraft draft, string kind)
    {
        if (draft.Metadata.Others.FirstOrDefault(other => other.Key == kind).Value is not { } raw) return [];
        using var document = JsonDocument.Parse(raw);
        return [.. document.RootElement.EnumerateArray().Select(entry => (entry.GetProperty("snapshot-id").GetInt64(), entry.GetRawText()))];
    }

    static void Replace(MetadataDraft draft, string kind, List<string> entries) => draft.Change(metadata => metadata with
    {
        Others = [.. metadata.Others.Where(other => other.Key != kind), KeyValuePair.Create(kind, $"[{string.Join(',', entries)}]")],
    });
}
