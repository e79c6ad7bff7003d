using System.Collections.Concurrent;

namespace Olist.Formats.Avro;

/// <summary>Schemas made of texts that come again and again. When it is full it keeps what it has: whoever sends ever new texts takes no memory. For several threads.</summary>
/// <param name="make">The schema of a text; what it throws is thrown, and nothing is kept.</param>
public sealed class AvroSchemaCache<TSchema>(Func<string, TSchema> make) where TSchema : AvroSchema
{
    const int MostSchemas = 200, MostCharacters = 100_000;

    readonly ConcurrentDictionary<string, TSchema> _schemas = new(StringComparer.Ordinal);

    /// <summary>How many are kept.</summary>
    public int Count => _schemas.Count;

    public TSchema Get(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (_schemas.TryGetValue(text, out var known)) return known;
        var schema = make(text);
        if (_schemas.Count < MostSchemas && text.Length < MostCharacters) _schemas[text] = schema;
        return schema;
    }
}
