using System.Text.Json;

namespace Olist.Formats.Avro;

/// <summary>One of several symbols.</summary>
public sealed class AvroEnumSchema : AvroNamedSchema
{
    internal AvroEnumSchema(string fullName, IReadOnlyList<string> aliases, IReadOnlyList<string> symbols, string? defaultSymbol, IReadOnlyDictionary<string, JsonElement>? attributes)
        : base(AvroKind.Enum, fullName, aliases, attributes)
    {
        Symbols = symbols;
        Default = defaultSymbol;
    }

    public IReadOnlyList<string> Symbols { get; }

    /// <summary>What a reader takes for a symbol that it does not know.</summary>
    public string? Default { get; }
}
