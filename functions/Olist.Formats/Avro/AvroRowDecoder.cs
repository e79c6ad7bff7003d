using Olist.Formats.Columns;

namespace Olist.Formats.Avro;

/// <summary>Decodes flat records of one schema into the columns of another, by Avro's rules of resolution; used from any thread.</summary>
/// <remarks>Fields go by name (or an alias in the reader's schema). Numbers widen, fields that the reader lacks are skipped, fields that the writer lacks get the reader's default.
/// With one and the same schema this is the plain decoder.</remarks>
public sealed class AvroRowDecoder
{
    const string Source = "Avro record";

    readonly AvroRecordSchema _reader;
    readonly Step[] _steps;
    readonly (int Column, AvroFieldDecoder Decoder, byte[] Value)[] _defaults;

    /// <summary>The last schema that was found to fit, so that a builder is checked once and not per record.</summary>
    IReadOnlyList<ColumnSchema>? _knownSchema;

    /// <summary>One field of the writer: into a column, or skipped.</summary>
    readonly record struct Step(string Name, AvroFieldDecoder? Decoder, int Column, AvroSchema Skipped);

    /// <exception cref="FormatViolationException">Not a record, or a field does not fit a column.</exception>
    public AvroRowDecoder(AvroSchema schema) : this(schema, schema) { }

    /// <exception cref="AvroIncompatibleException">The reader can't read what the writer wrote.</exception>
    /// <exception cref="FormatViolationException">Not records, or a field does not fit a column.</exception>
    public AvroRowDecoder(AvroSchema writer, AvroSchema reader)
    {
        _reader = AsRecord(reader);
        var source = AsRecord(writer);
        if (!ReferenceEquals(writer, reader) && AvroCompatibility.Explain(reader, writer) is { Count: > 0 } problems)
            throw new AvroIncompatibleException($"Records of {source.FullName} can't be read as {_reader.FullName}: {string.Join("; ", problems)}.");
        var shapes = _reader.Fields.Select(AvroFieldShape.Of).ToArray();
        Columns = shapes.Select((shape, index) => new ColumnSchema(index + 1, shape.Name, shape.Type, shape.Required)).ToArray();
        _steps = source.Fields.Select(field => MakeStep(field, shapes)).ToArray();
        var written = _steps.Where(step => step.Decoder is not null).Select(step => step.Column).ToHashSet();
        _defaults = Enumerable.Range(0, shapes.Length).Where(column => !written.Contains(column)).Select(column => MakeDefault(column, shapes[column])).ToArray();
    }

    /// <summary>The columns of the reader: field i has field id i + 1.</summary>
    public IReadOnlyList<ColumnSchema> Columns { get; }

    /// <summary>Appends one record to the first columns of the builder. On bad bytes throws and leaves the builder as it was.</summary>
    /// <exception cref="FormatViolationException">Truncated, trailing or invalid bytes; the message names the field and the byte offset.</exception>
    public void Decode(ReadOnlySpan<byte> record, RowBatchBuilder target)
    {
        if (!ReferenceEquals(target.Schema, _knownSchema))
        {
            Check(_reader, Columns, target.Schema);
            _knownSchema = target.Schema;
        }
        // An array in fact; asking for it once spares an interface call per field.
        var columns = target.Columns as ColumnBuilder[] ?? [.. target.Columns];
        var rows = target.RowCount;
        try
        {
            var reader = new AvroReader(record, Source);
            foreach (ref readonly var step in _steps.AsSpan())
            {
                reader.Field = step.Name;
                if (step.Decoder is not null) step.Decoder.Read(ref reader, columns[step.Column]);
                else new AvroValueReader(AvroValueReader.BudgetFor(record.Length)).Read(ref reader, step.Skipped);
            }
            reader.ExpectEnd();
            foreach (var (column, decoder, value) in _defaults)
            {
                var standard = new AvroReader(value, "Avro default");
                decoder.Read(ref standard, columns[column]);
            }
        }
        catch
        {
            for (var i = 0; i < Columns.Count; i++)
                if (columns[i].Count > rows) columns[i].Truncate(rows);
            throw;
        }
    }

    Step MakeStep(AvroField field, AvroFieldShape[] readers)
    {
        var column = AvroCompatibility.FindField(_reader, field.Name);
        if (column < 0) return new Step(field.Name, null, -1, field.Schema);
        return new Step(field.Name, AvroFieldDecoder.Create(AvroFieldShape.Of(field), readers[column]), column, field.Schema);
    }

    (int Column, AvroFieldDecoder Decoder, byte[] Value) MakeDefault(int column, AvroFieldShape shape)
    {
        var field = _reader.Fields[column];
        var buffer = new AvroBuffer();
        AvroValueWriter.Write(buffer, field.Schema, AvroDefault.ToValue(field.Schema, field.Default!.Value), $"default of {field.Name}");
        return (column, AvroFieldDecoder.Create(shape, shape), buffer.Written.ToArray());
    }

    static AvroRecordSchema AsRecord(AvroSchema schema) => schema as AvroRecordSchema
        ?? throw new FormatViolationException($"Rows are records, but the Avro schema is {schema.ToJson()}.");

    /// <exception cref="ArgumentException">The first columns of a batch are not those of the record.</exception>
    internal static void Check(AvroRecordSchema record, IReadOnlyList<ColumnSchema> expected, IReadOnlyList<ColumnSchema> found)
    {
        if (found.Count < expected.Count)
            throw new ArgumentException($"{record.FullName} has {expected.Count} fields, the batch only {found.Count} columns.", nameof(found));
        for (var i = 0; i < expected.Count; i++)
        {
            if (found[i].Name == expected[i].Name && found[i].Type.Storage == expected[i].Type.Storage && found[i].Type.Scale == expected[i].Type.Scale) continue;
            throw new ArgumentException($"Column {i} of the batch is {found[i].Name} {found[i].Type}, but {record.FullName} has {expected[i].Name} {expected[i].Type} there.", nameof(found));
        }
    }
}
