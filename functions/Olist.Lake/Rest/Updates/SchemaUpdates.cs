using Olist.Formats.Columns;
using Olist.Lake.Metadata;
using Olist.Lake.Schemas;

namespace Olist.Lake.Rest.Updates;

/// <summary>Adding and removing schemas. An identical one is used again, whatever id the request gives it.</summary>
static class SchemaUpdates
{
    public static void Add(MetadataDraft draft, TableSchema schema, JsonNodeView json, int? lastColumnId = null)
    {
        var table = draft.Metadata;
        if (table.Schemas.Count > 0)
        {
            CheckNewIds(table, schema, json);
            if (table.Schemas.Any(known => known.SchemaId == table.CurrentSchemaId)) CheckEvolution(table.CurrentSchema, schema, hasRows: table.Snapshots.Count > 0, json);
        }
        var (next, id) = KnownShapes.AddSchema(table, schema, lastColumnId ?? 0);
        if (!ReferenceEquals(next, table)) draft.Change(_ => next);
        draft.LastSchemaId = id;
    }

    /// <summary>An id that was used for something else once would show that column's old values.</summary>
    static void CheckNewIds(TableMetadata table, TableSchema schema, JsonNodeView json)
    {
        var known = table.Schemas.SelectMany(old => old.Fields.SelectMany(field => field.Type.Ids().Prepend(field.Id))).ToHashSet();
        foreach (var id in schema.Fields.SelectMany(field => field.Type.Ids().Prepend(field.Id)))
            if (id <= table.LastColumnId && !known.Contains(id)) throw json.Corrupt($"field id {id} was used before (last-column-id is {table.LastColumnId}); new fields need new ids");
    }

    static void CheckEvolution(TableSchema current, TableSchema next, bool hasRows, JsonNodeView json)
    {
        foreach (var field in next.Fields)
        {
            if (current.FindField(field.Id) is not { } before)
            {
                if (field.Required && hasRows) throw json.Corrupt($"new field {field.Name} is required, but the table has rows without it; make it optional");
                continue;
            }
            if (field.Required && !before.Required && hasRows) throw json.Corrupt($"field {field.Name} was optional, so there may be rows without it; it can't become required");
            if (!TypePromotion.Fits(before.Type, field.Type)) throw json.Corrupt($"field {field.Name} can't change its type from {TypePromotion.Shown(before.Type)} to {TypePromotion.Shown(field.Type)}; {TypePromotion.Allowed}");
        }
    }

    /// <summary>Going back to an older schema: rows written under a later one must be readable by it.</summary>
    public static void CheckRows(TableMetadata table, TableSchema next, JsonNodeView json)
    {
        var written = table.Snapshots.Select(snapshot => snapshot.SchemaId).ToHashSet();
        foreach (var schema in table.Schemas)
            if (schema.SchemaId != next.SchemaId && written.Contains(schema.SchemaId)) CheckEvolution(schema, next, hasRows: true, json);
    }

    public static void Remove(MetadataDraft draft, JsonNodeView json)
    {
        var ids = json.Get("schema-ids").Items().Select(id => id.AsInt()).ToHashSet();
        if (ids.Contains(draft.Metadata.CurrentSchemaId)) throw json.Corrupt($"schema {draft.Metadata.CurrentSchemaId} is the current one");
        if (draft.Metadata.Snapshots.FirstOrDefault(snapshot => ids.Contains(snapshot.SchemaId)) is { } user) throw json.Corrupt($"schema {user.SchemaId} is used by snapshot {user.SnapshotId}");
        if (draft.Metadata.Schemas.Any(schema => ids.Contains(schema.SchemaId)))
            draft.Change(metadata => metadata with { Schemas = [.. metadata.Schemas.Where(schema => !ids.Contains(schema.SchemaId))] });
    }
}
