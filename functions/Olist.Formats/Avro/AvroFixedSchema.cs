using System.Text.Json;

namespace Olist.Formats.Avro;

/// <summary>A given number of bytes.</summary>
public sealed class AvroFixedSchema : AvroNamedSchema
{
    internal AvroFixedSchema(string fullName, IReadOnlyList<string> aliases, int sizeBytes, IReadOnlyDictionary<string, JsonElement>? attributes)
        : base(AvroKind.Fixed, fullName, aliases, attributes) => SizeBytes = sizeBytes;

    public int SizeBytes { get; }
}
