using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Metadata;

/// <summary>Rows that are stored together: one chunk per column.</summary>
sealed record RowGroupMetadata(IReadOnlyList<ColumnChunkMetadata> Columns)
{
    public long UncompressedBytes { get; init; }
    public long RowCount { get; init; } = -1;

    /// <summary>Where the first page of the first column starts.</summary>
    public long? FileOffset { get; init; }
    public long? CompressedBytes { get; init; }
    public short? Ordinal { get; init; }

    public void Write(ThriftWriter writer)
    {
        writer.BeginStruct();
        writer.List(1, ThriftType.Struct, Columns.Count);
        foreach (var column in Columns) column.Write(writer);
        writer.Int64(2, UncompressedBytes);
        writer.Int64(3, RowCount);
        writer.Int64(5, FileOffset);
        writer.Int64(6, CompressedBytes);
        writer.Int16(7, Ordinal);
        writer.EndStruct();
    }

    public static RowGroupMetadata Read(ref ThriftReader reader)
    {
        var group = new RowGroupMetadata([]);
        short id = 0;
        while (reader.NextField(ref id, out var type))
            switch (id)
            {
                case 1: group = group with { Columns = ReadColumns(ref reader, type) }; break;
                case 2: group = group with { UncompressedBytes = reader.Int64(type) }; break;
                case 3: group = group with { RowCount = reader.Int64(type) }; break;
                case 5: group = group with { FileOffset = reader.Int64(type) }; break;
                case 6: group = group with { CompressedBytes = reader.Int64(type) }; break;
                default: reader.Skip(type); break;
            }
        return group;
    }

    static List<ColumnChunkMetadata> ReadColumns(ref ThriftReader reader, ThriftType type)
    {
        var count = reader.List(type, ThriftType.Struct);
        var columns = new List<ColumnChunkMetadata>(Math.Min(count, 256));
        for (var i = 0; i < count; i++) columns.Add(ColumnChunkMetadata.Read(ref reader));
        return columns;
    }
}
