using System.Text.Json;

namespace Olist.Formats.Avro;

/// <summary>Values of one schema by string keys.</summary>
public sealed class AvroMapSchema : AvroSchema
{
    internal AvroMapSchema(AvroSchema values, IReadOnlyDictionary<string, JsonElement>? attributes) : base(AvroKind.Map, attributes) => Values = values;

    public AvroSchema Values { get; }
}
