using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Olist.Formats.Avro;

/// <summary>How much of a schema is written.</summary>
enum AvroSchemaForm { Full, Canonical, Identity }

/// <summary>Schemas as JSON. The order of members is that of the canonical form, so that all forms share one walk.</summary>
sealed class AvroSchemaWriter(Utf8JsonWriter json, AvroSchemaForm form)
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly HashSet<string> _defined = new(StringComparer.Ordinal);

    public static string Write(AvroSchema schema, AvroSchemaForm form)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
            new AvroSchemaWriter(json, form).Write(schema);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    void Write(AvroSchema schema)
    {
        switch (schema)
        {
            case AvroUnionSchema union:
                json.WriteStartArray();
                foreach (var branch in union.Branches) Write(branch);
                json.WriteEndArray();
                return;
            case AvroPrimitiveSchema when !HasAttributes(schema):
                json.WriteStringValue(AvroPrimitiveSchema.NameOf(schema.Kind));
                return;
            case AvroNamedSchema named when !_defined.Add(named.FullName):
                json.WriteStringValue(named.FullName);
                return;
        }
        json.WriteStartObject();
        if (schema is AvroNamedSchema { FullName: var fullName }) json.WriteString("name", fullName);
        json.WriteString("type", AvroPrimitiveSchema.NameOf(schema.Kind));
        if (form == AvroSchemaForm.Full && schema is AvroNamedSchema { Aliases.Count: > 0 } aliased) WriteStrings("aliases", aliased.Aliases);
        WriteParts(schema);
        WriteAttributes(schema.Attributes);
        json.WriteEndObject();
    }

    void WriteParts(AvroSchema schema)
    {
        switch (schema)
        {
            case AvroRecordSchema record:
                json.WriteStartArray("fields");
                foreach (var field in record.Fields) WriteField(field);
                json.WriteEndArray();
                break;
            case AvroEnumSchema symbols:
                WriteStrings("symbols", symbols.Symbols);
                if (form != AvroSchemaForm.Canonical && symbols.Default is not null) json.WriteString("default", symbols.Default);
                break;
            case AvroFixedSchema { SizeBytes: var size }:
                json.WriteNumber("size", size);
                break;
            case AvroArraySchema { Items: var items }:
                json.WritePropertyName("items");
                Write(items);
                break;
            case AvroMapSchema { Values: var values }:
                json.WritePropertyName("values");
                Write(values);
                break;
        }
    }

    void WriteField(AvroField field)
    {
        json.WriteStartObject();
        json.WriteString("name", field.Name);
        json.WritePropertyName("type");
        Write(field.Schema);
        if (form != AvroSchemaForm.Canonical && field.Default is { } value)
        {
            json.WritePropertyName("default");
            value.WriteTo(json);
        }
        if (form == AvroSchemaForm.Full && field.Aliases.Count > 0) WriteStrings("aliases", field.Aliases);
        if (form == AvroSchemaForm.Full) WriteAttributes(field.Attributes);
        json.WriteEndObject();
    }

    void WriteStrings(string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    bool HasAttributes(AvroSchema schema) => schema.Attributes.Keys.Any(Keeps);

    bool Keeps(string attribute) => form switch
    {
        AvroSchemaForm.Full => true,
        AvroSchemaForm.Identity => attribute is "logicalType" or "precision" or "scale",
        _ => false,
    };

    void WriteAttributes(IReadOnlyDictionary<string, JsonElement> attributes)
    {
        // By name in the identity form, as written otherwise.
        var kept = attributes.Where(pair => Keeps(pair.Key));
        if (form == AvroSchemaForm.Identity) kept = kept.OrderBy(pair => pair.Key, StringComparer.Ordinal);
        foreach (var (name, value) in kept)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }
}
