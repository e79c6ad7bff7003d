using System.Buffers;
using Olist.Formats.Columns;

namespace Olist.Formats.Avro;

public sealed class AvroRowCodec
{
    public AvroRowCodec(AvroSchema recordSchema) => throw new NotImplementedException();
    public IReadOnlyList<ColumnSchema> Columns => throw new NotImplementedException();
    public void Encode(RowBatch batch, int row, IBufferWriter<byte> output) => throw new NotImplementedException();
    public void Decode(ReadOnlySpan<byte> record, RowBatchBuilder target) => throw new NotImplementedException();
}
