using System.Text.Json;

namespace Olist.Formats.Avro;

/// <summary>Any number of items of one schema.</summary>
public sealed class AvroArraySchema : AvroSchema
{
    internal AvroArraySchema(AvroSchema items, IReadOnlyDictionary<string, JsonElement>? attributes) : base(AvroKind.Array, attributes) => Items = items;

    public AvroSchema Items { get; }
}
