using System.Text.Json;

namespace Olist.Formats.Avro;

/// <summary>A record, enum or fixed: it has a name, by which later parts of the schema may refer to it.</summary>
public abstract class AvroNamedSchema : AvroSchema
{
    private protected AvroNamedSchema(AvroKind kind, string fullName, IReadOnlyList<string> aliases, IReadOnlyDictionary<string, JsonElement>? attributes)
        : base(kind, attributes)
    {
        FullName = fullName;
        Aliases = aliases;
    }

    /// <summary>Namespace and name, joined by a dot; only the name where there is no namespace.</summary>
    public string FullName { get; }

    public string Name => FullName[(FullName.LastIndexOf('.') + 1)..];

    public string? Namespace => FullName.LastIndexOf('.') is var dot and >= 0 ? FullName[..dot] : null;

    /// <summary>Earlier full names.</summary>
    public IReadOnlyList<string> Aliases { get; }
}
