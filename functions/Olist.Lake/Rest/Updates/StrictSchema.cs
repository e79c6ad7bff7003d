using Olist.Formats.Columns;
using Olist.Lake.Metadata;
using Olist.Lake.Schemas;

namespace Olist.Lake.Rest.Updates;

/// <summary>Schemas of requests, held to the rules of version 2 of the format.</summary>
static class StrictSchema
{
    /// <summary>Ids from here on are the format's own.</summary>
    const int ReservedIds = 2_147_483_447;

    public static TableSchema Read(JsonNodeView json, int lowestId)
    {
        if (json.Find("type") is { } type && type.AsString() != "struct") throw type.Corrupt($"'{type.AsString()}' is no type of a schema; expected struct");
        CheckFields(json.Get("fields"));
        var schema = SchemaJson.Read(json);
        if (schema.Fields.Count == 0) throw json.Corrupt("has no fields");
        var seen = new HashSet<int>();
        foreach (var id in schema.Fields.SelectMany(field => field.Type.Ids().Prepend(field.Id)))
        {
            if (id < lowestId || id >= ReservedIds) throw json.Corrupt($"field id {id} is not between {lowestId} and {ReservedIds - 1}");
            if (!seen.Add(id)) throw json.Corrupt($"field id {id} is used twice");
        }
        foreach (var id in schema.IdentifierFieldIds) CheckIdentifier(schema, id, json);
        return schema;
    }

    static void CheckFields(JsonNodeView fields)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in fields.Items())
        {
            var name = field.Get("name").AsString();
            if (name.Length == 0) throw field.Corrupt("has an empty name");
            if (!names.Add(name)) throw field.Corrupt($"name '{name}' is used twice");
            foreach (var later in (string[])["initial-default", "write-default"])
                if (field.Find(later) is not null) throw field.Corrupt($"{later} is of version 3 of the format; tables here are of version {TableMetadata.FormatVersion}");
            CheckType(field.Get("type"));
        }
    }

    static void CheckType(JsonNodeView type)
    {
        if (type.IsString) return;
        switch (type.Get("type").AsString())
        {
            case "struct":
                CheckFields(type.Get("fields"));
                break;
            case "list":
                CheckType(type.Get("element"));
                break;
            case "map":
                CheckType(type.Get("key"));
                CheckType(type.Get("value"));
                break;
        }
    }

    static void CheckIdentifier(TableSchema schema, int id, JsonNodeView json)
    {
        var column = schema.FindColumn(id) ?? throw json.Corrupt($"identifier field {id} is no column of the schema");
        if (!column.Required) throw json.Corrupt($"identifier field {column.Name} is optional; identifier fields are required");
        if (column.Type.Kind is TypeKind.Float or TypeKind.Double) throw json.Corrupt($"identifier field {column.Name} is {column.Type}, which can't identify rows");
    }
}
