using Olist.Formats.Avro;
using Olist.Formats.Columns;

namespace Olist.Pipeline.Model;

/// <summary>The schema files under <c>schemas/</c>, embedded in this assembly.</summary>
static class SchemaFile
{
    /// <exception cref="ArgumentException">There is no such schema.</exception>
    public static string Load(string resource)
    {
        using var stream = typeof(SchemaFile).Assembly.GetManifestResourceStream(resource)
            ?? throw new ArgumentException($"No schema {resource} is embedded in {typeof(SchemaFile).Assembly.GetName().Name}.", nameof(resource));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The columns that the codec of this schema reads and writes.</summary>
    public static IReadOnlyList<ColumnSchema> LoadColumns(string resource) => new AvroRowCodec(AvroSchema.Parse(Load(resource))).Columns;
}
