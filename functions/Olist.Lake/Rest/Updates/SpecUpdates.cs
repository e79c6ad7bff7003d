using Olist.Lake.Metadata;

namespace Olist.Lake.Rest.Updates;

/// <summary>Adding partition specs. One of the same fields is used again; a field that an earlier spec has keeps its id.</summary>
static class SpecUpdates
{
    /// <param name="ids">New ids of the source columns; null: they are the table's own.</param>
    public static void Add(MetadataDraft draft, JsonNodeView json, FreshIds? ids = null)
    {
        var table = draft.Metadata;
        var fields = new List<PartitionField>();
        var last = table.LastPartitionId;
        foreach (var item in json.Get("fields").Items())
        {
            var field = Read(table, item, ids);
            var known = table.Specs.SelectMany(spec => spec.Fields).ToArray();
            bool IsSame(PartitionField other) => other.SourceId == field.SourceId && other.Transform.ToString() == field.Transform.ToString();
            var given = ids is null ? item.Find("field-id")?.AsInt() : null;
            var id = given ?? known.FirstOrDefault(IsSame)?.FieldId ?? Math.Max(last, PartitionSpec.FirstFieldId - 1) + 1;
            if (id < PartitionSpec.FirstFieldId) throw item.Corrupt($"field-id {id} is below {PartitionSpec.FirstFieldId}");
            if (known.FirstOrDefault(other => other.FieldId == id) is { } owner && !IsSame(owner)) throw item.Corrupt($"field-id {id} belongs to partition field {owner.Name} of an earlier spec");
            if (fields.Any(other => other.FieldId == id)) throw item.Corrupt($"field-id {id} is used twice");
            if (fields.Any(other => other.Name == field.Name)) throw item.Corrupt($"name '{field.Name}' is used twice");
            fields.Add(field with { FieldId = id });
            last = Math.Max(last, id);
        }
        Add(draft, fields, last);
    }

    public static void AddUnpartitioned(MetadataDraft draft) => Add(draft, [], draft.Metadata.LastPartitionId);

    static void Add(MetadataDraft draft, List<PartitionField> fields, int lastPartitionId)
    {
        var table = draft.Metadata;
        var (next, id) = KnownShapes.AddSpec(table, fields, lastPartitionId);
        if (!ReferenceEquals(next, table)) draft.Change(_ => next);
        draft.LastSpecId = id;
    }

    static PartitionField Read(TableMetadata table, JsonNodeView json, FreshIds? ids)
    {
        var source = Sources.Read(table, json, ids);
        var name = json.Get("name").AsString();
        if (name.Length == 0) throw json.Corrupt("has an empty name");
        var (column, transform) = (Sources.Column(table, source, json), Sources.Transform(table, source, json));
        if (table.CurrentSchema.FindColumn(name) is { } other && !(transform is IdentityTransform && other.FieldId == column.FieldId))
            throw json.Corrupt($"name '{name}' is that of a column; only identity on that column may be called so");
        return new PartitionField(source, 0, name, transform);
    }

    public static void Remove(MetadataDraft draft, JsonNodeView json)
    {
        var ids = json.Get("spec-ids").Items().Select(id => id.AsInt()).ToHashSet();
        if (ids.Contains(draft.Metadata.DefaultSpecId)) throw json.Corrupt($"partition spec {draft.Metadata.DefaultSpecId} is the default one");
        // Manifests name their spec, and a table without it can't be read.
        if (draft.Metadata.Snapshots.Count > 0) throw json.Corrupt("partition specs of a table with snapshots can't be removed: manifests may still use them");
        if (draft.Metadata.Specs.Any(spec => ids.Contains(spec.SpecId)))
            draft.Change(metadata => metadata with { Specs = [.. metadata.Specs.Where(spec => !ids.Contains(spec.SpecId))] });
    }
}
