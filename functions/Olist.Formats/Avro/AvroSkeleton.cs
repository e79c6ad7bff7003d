using System.Buffers;
using Olist.Formats.Columns;

namespace Olist.Formats.Avro;

/// <summary>A parsed Avro schema (.avsc). One sealed subclass per kind.</summary>
public abstract class AvroSchema
{
    public static AvroSchema Parse(string json) => throw new NotImplementedException();
}

/// <summary>Encodes and decodes flat records straight from and to columns; built once per schema, used from any thread.</summary>
/// <remarks>Fields may be null|boolean|int|long|float|double|string|bytes, optional unions <c>["null", T]</c>, logical types decimal (bytes), date, timestamp-millis and timestamp-micros.
/// In columns, timestamps are always microseconds and decimals up to 18 digits an unscaled long.</remarks>
public sealed class AvroRowCodec
{
    public AvroRowCodec(AvroSchema recordSchema) => throw new NotImplementedException();
    /// <summary>The columns of a record: field i has field id i + 1.</summary>
    public IReadOnlyList<ColumnSchema> Columns => throw new NotImplementedException();
    /// <summary>One record from row <paramref name="row"/> of a batch whose first columns are <see cref="Columns"/> (same order).</summary>
    public void Encode(RowBatch batch, int row, IBufferWriter<byte> output) => throw new NotImplementedException();
    /// <summary>Appends one record to the first columns of the builder. On bad bytes throws and leaves the builder as it was.</summary>
    /// <exception cref="FormatViolationException">Truncated, trailing or invalid bytes; the message names the field and the byte offset.</exception>
    public void Decode(ReadOnlySpan<byte> record, RowBatchBuilder target) => throw new NotImplementedException();
}

/// <summary>A record value of an Avro object container file.</summary>
public sealed class AvroRecord
{
    public object? this[string field] => throw new NotImplementedException();
}

/// <summary>A whole Avro object container file.</summary>
public static class AvroFile
{
    /// <summary>Values are null, bool, int, long, float, double, string, byte[], List&lt;object?&gt;, Dictionary&lt;string, object?&gt; and AvroRecord.</summary>
    public static (AvroSchema Schema, IReadOnlyDictionary<string, byte[]> Metadata, IReadOnlyList<AvroRecord> Records) Read(ReadOnlyMemory<byte> file, string name) => throw new NotImplementedException();
    public static byte[] Write(AvroSchema schema, IEnumerable<object?[]> records, IEnumerable<KeyValuePair<string, string>> metadata, bool deflate) => throw new NotImplementedException();
}
