using System.Text;
using System.Text.Json;

namespace Olist.Formats.Avro;

/// <summary>Default values of fields: JSON, in Avro's spelling (bytes as a string of code points below 256, a union as its first branch).</summary>
static class AvroDefault
{
    /// <exception cref="FormatViolationException">The value is not one of the schema.</exception>
    public static void Check(AvroSchema schema, JsonElement value, string path)
    {
        if (Find(schema, value) is { } wrong) throw AvroSchemaParser.Fail(path, wrong);
    }

    /// <summary>What is wrong with the value, or <see langword="null"/>.</summary>
    static string? Find(AvroSchema schema, JsonElement value)
    {
        var fits = schema switch
        {
            AvroUnionSchema union => Find(union.Branches[0], value) is null,
            AvroFixedSchema { SizeBytes: var size } => value.ValueKind == JsonValueKind.String && value.GetString()!.Length == size,
            AvroEnumSchema symbols => value.ValueKind == JsonValueKind.String && symbols.Symbols.Contains(value.GetString()!, StringComparer.Ordinal),
            AvroArraySchema array => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => Find(array.Items, item) is null),
            AvroMapSchema map => value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(item => Find(map.Values, item.Value) is null),
            AvroRecordSchema record => value.ValueKind == JsonValueKind.Object && record.Fields.All(field =>
                value.TryGetProperty(field.Name, out var member) ? Find(field.Schema, member) is null : field.Default is not null),
            _ => FitsPrimitive(schema.Kind, value),
        };
        if (fits) return null;
        var expected = schema is AvroUnionSchema { Branches: var branches }
            ? $"{AvroPrimitiveSchema.NameOf(branches[0].Kind)}, the first branch of its union"
            : AvroPrimitiveSchema.NameOf(schema.Kind);
        return $"found {value.GetRawText()}, expected a value of {expected}";
    }

    static bool FitsPrimitive(AvroKind kind, JsonElement value) => kind switch
    {
        AvroKind.Null => value.ValueKind == JsonValueKind.Null,
        AvroKind.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        AvroKind.Int => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
        AvroKind.Long => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        AvroKind.Float or AvroKind.Double => value.ValueKind == JsonValueKind.Number,
        AvroKind.Bytes => value.ValueKind == JsonValueKind.String && value.GetString()!.All(letter => letter < 256),
        _ => value.ValueKind == JsonValueKind.String,
    };

    /// <summary>The default as a value that <see cref="AvroValueWriter"/> takes.</summary>
    public static object? ToValue(AvroSchema schema, JsonElement value) => schema switch
    {
        AvroUnionSchema union => ToValue(union.Branches[0], value),
        AvroFixedSchema => Encoding.Latin1.GetBytes(value.GetString()!),
        AvroArraySchema array => value.EnumerateArray().Select(item => ToValue(array.Items, item)).ToList(),
        AvroMapSchema map => value.EnumerateObject().ToDictionary(item => item.Name, item => ToValue(map.Values, item.Value), StringComparer.Ordinal),
        AvroRecordSchema record => record.Fields.Select(field => ToValue(field.Schema, value.TryGetProperty(field.Name, out var member) ? member : field.Default!.Value)).ToArray(),
        _ => schema.Kind switch
        {
            AvroKind.Null => null,
            AvroKind.Boolean => value.GetBoolean(),
            AvroKind.Int => value.GetInt32(),
            AvroKind.Long => value.GetInt64(),
            AvroKind.Float => value.GetSingle(),
            AvroKind.Double => value.GetDouble(),
            AvroKind.Bytes => Encoding.Latin1.GetBytes(value.GetString()!),
            _ => value.GetString(),
        },
    };
}
