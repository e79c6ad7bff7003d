namespace Olist.Formats.Avro;

/// <summary>A record value of an Avro object container file.</summary>
public sealed class AvroRecord(AvroRecordSchema schema, IReadOnlyList<object?> values)
{
    public AvroRecordSchema Schema { get; } = schema;

    /// <summary>One value per field, in the schema's order.</summary>
    public IReadOnlyList<object?> Values { get; } = values;

    /// <exception cref="FormatViolationException">The record has no such field.</exception>
    public object? this[string field] => Schema.Find(field) is var index and >= 0
        ? Values[index]
        : throw new FormatViolationException($"Avro record {Schema.FullName} has no field '{field}'; it has {string.Join(", ", Schema.Fields.Select(one => one.Name))}.");

    public bool Has(string field) => Schema.Find(field) >= 0;
}
