using System.Text.Json;

namespace Olist.Formats.Avro;

/// <summary>Named fields in a fixed order.</summary>
public sealed class AvroRecordSchema : AvroNamedSchema
{
    Dictionary<string, int> _byName = [];

    internal AvroRecordSchema(string fullName, IReadOnlyList<string> aliases, IReadOnlyDictionary<string, JsonElement>? attributes)
        : base(AvroKind.Record, fullName, aliases, attributes) { }

    public IReadOnlyList<AvroField> Fields { get; private set; } = [];

    /// <summary>The position of a field, or -1.</summary>
    public int Find(string name) => _byName.GetValueOrDefault(name, -1);

    /// <summary>Set once by the parser: a record may refer to itself, so it exists before its fields do.</summary>
    internal void SetFields(IReadOnlyList<AvroField> fields)
    {
        Fields = fields;
        _byName = fields.Select((field, index) => (field.Name, index)).ToDictionary(pair => pair.Name, pair => pair.index, StringComparer.Ordinal);
    }
}
