using System.Buffers;
using Olist.Formats.Columns;

namespace Olist.Formats.Avro;

/// <summary>Encodes and decodes flat records straight from and to columns; built once per schema, used from any thread.</summary>
/// <remarks>Fields may be null|boolean|int|long|float|double|string|bytes|fixed, optional unions <c>["null", T]</c>, logical types decimal, date, time-*, timestamp-* and local-timestamp-*.
/// In columns, times are always microseconds (written as milliseconds they are rounded down) and decimals up to 18 digits an unscaled long.</remarks>
public sealed class AvroRowCodec
{
    readonly AvroFieldEncoder[] _encoders;
    readonly int[] _dataFields;
    readonly int _maxBytes;
    readonly AvroRowDecoder _decoder;

    /// <summary>The last schema that was found to fit, so that a batch is checked once and not per row.</summary>
    IReadOnlyList<ColumnSchema>? _knownSchema;

    /// <exception cref="FormatViolationException">Not a record, or a field does not fit a column.</exception>
    public AvroRowCodec(AvroSchema recordSchema)
    {
        _decoder = new AvroRowDecoder(recordSchema);
        Schema = (AvroRecordSchema)recordSchema;
        _encoders = Schema.Fields.Select(field => AvroFieldEncoder.Create(AvroFieldShape.Of(field))).ToArray();
        _dataFields = Enumerable.Range(0, _encoders.Length).Where(i => _encoders[i].HasData).ToArray();
        _maxBytes = _encoders.Sum(encoder => encoder.MaxBytes);
    }

    public AvroRecordSchema Schema { get; }

    /// <summary>The columns of a record: field i has field id i + 1.</summary>
    public IReadOnlyList<ColumnSchema> Columns => _decoder.Columns;

    /// <summary>One record from row <paramref name="row"/> of a batch whose first columns are <see cref="Columns"/> (same order). Text is not checked again for being UTF-8.</summary>
    /// <exception cref="FormatViolationException">A null or a value that the schema does not allow; nothing was written.</exception>
    public void Encode(RowBatch batch, int row, IBufferWriter<byte> output) => Encode(batch, row, output, default);

    /// <summary>The same with bytes before the record, such as those that name its schema.</summary>
    public void Encode(RowBatch batch, int row, IBufferWriter<byte> output, ReadOnlySpan<byte> prefix)
    {
        if (!ReferenceEquals(batch.Schema, _knownSchema)) Check(batch.Schema);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)batch.RowCount, nameof(row));
        var columns = batch.Columns;
        var needed = _maxBytes + prefix.Length;
        foreach (var field in _dataFields) needed = checked(needed + _encoders[field].CountData(columns[field], row));
        var destination = output.GetSpan(needed);
        prefix.CopyTo(destination);
        var length = prefix.Length;
        for (var i = 0; i < _encoders.Length; i++) length += _encoders[i].Write(destination[length..], columns[i], row);
        output.Advance(length);
    }

    /// <summary>Appends one record to the first columns of the builder. On bad bytes throws and leaves the builder as it was.</summary>
    /// <exception cref="FormatViolationException">Truncated, trailing or invalid bytes; the message names the field and the byte offset.</exception>
    public void Decode(ReadOnlySpan<byte> record, RowBatchBuilder target) => _decoder.Decode(record, target);

    void Check(IReadOnlyList<ColumnSchema> schema)
    {
        AvroRowDecoder.Check(Schema, Columns, schema);
        _knownSchema = schema;
    }
}
