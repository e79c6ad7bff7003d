using System.Text.Json;
using Olist.Lake.Metadata;

namespace Olist.Lake.Schemas;

/// <summary>Schemas as JSON, as table metadata, manifests and Parquet footers hold them.</summary>
static class SchemaJson
{
    public static void Write(Utf8JsonWriter json, TableSchema schema)
    {
        json.WriteStartObject();
        json.WriteString("type", "struct");
        json.WriteNumber("schema-id", schema.SchemaId);
        if (schema.IdentifierFieldIds.Count > 0)
        {
            json.WriteStartArray("identifier-field-ids");
            foreach (var id in schema.IdentifierFieldIds) json.WriteNumberValue(id);
            json.WriteEndArray();
        }
        WriteFields(json, schema.Fields);
        json.WriteEndObject();
    }

    public static string Write(TableSchema schema) => JsonText.Of(json => Write(json, schema));

    static void WriteFields(Utf8JsonWriter json, IReadOnlyList<NestedField> fields)
    {
        json.WriteStartArray("fields");
        foreach (var field in fields)
        {
            json.WriteStartObject();
            json.WriteNumber("id", field.Id);
            json.WriteString("name", field.Name);
            json.WriteBoolean("required", field.Required);
            json.WritePropertyName("type");
            WriteType(json, field.Type);
            if (field.Doc is not null) json.WriteString("doc", field.Doc);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteType(Utf8JsonWriter json, IcebergType type)
    {
        if (type is PrimitiveType primitive)
        {
            json.WriteStringValue(primitive.Type.ToString());
            return;
        }
        json.WriteStartObject();
        switch (type)
        {
            case StructType fields:
                json.WriteString("type", "struct");
                WriteFields(json, fields.Fields);
                break;
            case ListType list:
                json.WriteString("type", "list");
                json.WriteNumber("element-id", list.ElementId);
                json.WritePropertyName("element");
                WriteType(json, list.Element);
                json.WriteBoolean("element-required", list.ElementRequired);
                break;
            case MapType map:
                json.WriteString("type", "map");
                json.WriteNumber("key-id", map.KeyId);
                json.WritePropertyName("key");
                WriteType(json, map.Key);
                json.WriteNumber("value-id", map.ValueId);
                json.WritePropertyName("value");
                WriteType(json, map.Value);
                json.WriteBoolean("value-required", map.ValueRequired);
                break;
        }
        json.WriteEndObject();
    }

    public static TableSchema Read(JsonNodeView json)
    {
        var fields = ReadFields(json);
        if (fields.Select(field => field.Id).Distinct().Count() != fields.Count) throw json.Corrupt("has two fields of one id");
        if (fields.Select(field => field.Name).Distinct(StringComparer.Ordinal).Count() != fields.Count) throw json.Corrupt("has two fields of one name");
        var identifiers = json.Find("identifier-field-ids") is { } ids ? ids.Items().Select(id => id.AsInt()).ToArray() : [];
        return new TableSchema(json.Find("schema-id")?.AsInt() ?? 0, fields, identifiers);
    }

    static List<NestedField> ReadFields(JsonNodeView json) => json.Get("fields").Items()
        .Select(field => new NestedField(field.Get("id").AsInt(), field.Get("name").AsString(), field.Get("required").AsBool(),
            ReadType(field.Get("type")), field.Find("doc")?.AsString())).ToList();

    static IcebergType ReadType(JsonNodeView json)
    {
        if (json.IsString) return new PrimitiveType(TypeText.Parse(json.AsString(), json.Where));
        return json.Get("type").AsString() switch
        {
            "struct" => new StructType(ReadFields(json)),
            "list" => new ListType(json.Get("element-id").AsInt(), ReadType(json.Get("element")), json.Get("element-required").AsBool()),
            "map" => new MapType(json.Get("key-id").AsInt(), ReadType(json.Get("key")), json.Get("value-id").AsInt(), ReadType(json.Get("value")), json.Get("value-required").AsBool()),
            var other => throw new UnsupportedFormatException($"{json.Where}: nested type '{other}' is not struct, list or map."),
        };
    }
}
