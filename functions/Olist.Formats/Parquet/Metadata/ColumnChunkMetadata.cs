using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Metadata;

/// <summary>A column chunk and the place of its page index.</summary>
sealed record ColumnChunkMetadata(ColumnMetadata? Column)
{
    /// <summary>Set when the pages are in another file, which is not supported.</summary>
    public string? FilePath { get; init; }

    public long? OffsetIndexOffset { get; init; }
    public int? OffsetIndexBytes { get; init; }
    public long? ColumnIndexOffset { get; init; }
    public int? ColumnIndexBytes { get; init; }

    public void Write(ThriftWriter writer)
    {
        writer.BeginStruct();
        writer.Int64(2, 0);
        Column?.Write(writer, 3);
        writer.Int64(4, OffsetIndexOffset);
        writer.Int32(5, OffsetIndexBytes);
        writer.Int64(6, ColumnIndexOffset);
        writer.Int32(7, ColumnIndexBytes);
        writer.EndStruct();
    }

    public static ColumnChunkMetadata Read(ref ThriftReader reader)
    {
        var chunk = new ColumnChunkMetadata((ColumnMetadata?)null);
        short id = 0;
        while (reader.NextField(ref id, out var type))
            switch (id)
            {
                case 1: chunk = chunk with { FilePath = reader.Text(type) }; break;
                case 3 when type == ThriftType.Struct: chunk = chunk with { Column = ColumnMetadata.Read(ref reader) }; break;
                case 4: chunk = chunk with { OffsetIndexOffset = reader.Int64(type) }; break;
                case 5: chunk = chunk with { OffsetIndexBytes = reader.Int32(type) }; break;
                case 6: chunk = chunk with { ColumnIndexOffset = reader.Int64(type) }; break;
                case 7: chunk = chunk with { ColumnIndexBytes = reader.Int32(type) }; break;
                default: reader.Skip(type); break;
            }
        return chunk;
    }
}
