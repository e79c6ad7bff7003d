using System.Text.Json;
using Olist.Formats.Columns;

namespace Olist.Pipeline.Model;

/// <summary>The schema files under <c>schemas/</c>, embedded in this assembly.</summary>
public static class SchemaFile
{
    /// <exception cref="ArgumentException">There is no such schema.</exception>
    public static string Load(string resource)
    {
        using var stream = typeof(SchemaFile).Assembly.GetManifestResourceStream(resource)
            ?? throw new ArgumentException($"No schema {resource} is embedded in {typeof(SchemaFile).Assembly.GetName().Name}.", nameof(resource));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The columns that hold a record of this schema in memory: field i has id i + 1, times are microseconds, decimals unscaled longs.</summary>
    /// <exception cref="PipelineException">A field has a type that no table of this system uses.</exception>
    public static IReadOnlyList<ColumnSchema> ReadColumns(string json, string name)
    {
        using var schema = JsonDocument.Parse(json);
        var columns = new List<ColumnSchema>();
        foreach (var field in schema.RootElement.GetProperty("fields").EnumerateArray())
        {
            var type = field.GetProperty("type");
            var required = type.ValueKind != JsonValueKind.Array;
            var fieldName = field.GetProperty("name").GetString()!;
            columns.Add(new ColumnSchema(columns.Count + 1, fieldName, TypeOf(required ? type : type[1], name, fieldName), required));
        }
        return columns;
    }

    static DataType TypeOf(JsonElement type, string schema, string field)
    {
        var primitive = type.ValueKind == JsonValueKind.Object ? type.GetProperty("type").GetString() : type.GetString();
        var logical = type.ValueKind == JsonValueKind.Object && type.TryGetProperty("logicalType", out var given) ? given.GetString() : null;
        return (primitive, logical) switch
        {
            ("string", null) => DataType.String,
            ("int", null) => DataType.Int,
            ("long", null) => DataType.Long,
            ("double", null) => DataType.Double,
            ("long", "timestamp-millis") => DataType.TimestampTz,
            ("bytes", "decimal") => DataType.Decimal(type.GetProperty("precision").GetInt32(), type.GetProperty("scale").GetInt32()),
            _ => throw new PipelineException($"{schema}: field {field} is {primitive} {logical}; expected string, int, long, double, timestamp-millis or decimal. Extend {nameof(SchemaFile)} with the new type."),
        };
    }
}
