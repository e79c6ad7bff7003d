using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Metadata;

/// <summary>One column in one row group, and where its pages are.</summary>
sealed record ColumnMetadata
{
    public PhysicalType Type { get; init; }
    public IReadOnlyList<PageEncoding> Encodings { get; init; } = [];
    public IReadOnlyList<string> Path { get; init; } = [];
    public CompressionCodec Codec { get; init; }

    /// <summary>Values, nulls included.</summary>
    public long ValueCount { get; init; } = -1;

    /// <summary>Bytes of all pages with their headers, before and after compression.</summary>
    public long UncompressedBytes { get; init; }
    public long CompressedBytes { get; init; } = -1;

    public long DataPageOffset { get; init; } = -1;
    public long? DictionaryPageOffset { get; init; }
    public StatisticsMetadata? Statistics { get; init; }
    public IReadOnlyList<PageEncodingCount> EncodingCounts { get; init; } = [];
    public long? BloomFilterOffset { get; init; }
    public int? BloomFilterBytes { get; init; }

    public void Write(ThriftWriter writer, short id)
    {
        writer.BeginStruct(id);
        writer.Int32(1, (int)Type);
        writer.List(2, ThriftType.Int32, Encodings.Count);
        foreach (var encoding in Encodings) writer.NumberElement((int)encoding);
        writer.List(3, ThriftType.Binary, Path.Count);
        foreach (var part in Path) writer.TextElement(part);
        writer.Int32(4, (int)Codec);
        writer.Int64(5, ValueCount);
        writer.Int64(6, UncompressedBytes);
        writer.Int64(7, CompressedBytes);
        writer.Int64(9, DataPageOffset);
        writer.Int64(11, DictionaryPageOffset);
        Statistics?.Write(writer, 12);
        writer.List(13, ThriftType.Struct, EncodingCounts.Count);
        foreach (var count in EncodingCounts) count.Write(writer);
        writer.Int64(14, BloomFilterOffset);
        writer.Int32(15, BloomFilterBytes);
        writer.EndStruct();
    }

    public static ColumnMetadata Read(ref ThriftReader reader)
    {
        var column = new ColumnMetadata();
        short id = 0;
        while (reader.NextField(ref id, out var type))
            switch (id)
            {
                case 1: column = column with { Type = (PhysicalType)reader.Int32(type) }; break;
                case 3: column = column with { Path = ReadPath(ref reader, type) }; break;
                case 4: column = column with { Codec = (CompressionCodec)reader.Int32(type) }; break;
                case 5: column = column with { ValueCount = reader.Int64(type) }; break;
                case 6: column = column with { UncompressedBytes = reader.Int64(type) }; break;
                case 7: column = column with { CompressedBytes = reader.Int64(type) }; break;
                case 9: column = column with { DataPageOffset = reader.Int64(type) }; break;
                case 11: column = column with { DictionaryPageOffset = reader.Int64(type) }; break;
                case 12 when type == ThriftType.Struct: column = column with { Statistics = StatisticsMetadata.Read(ref reader) }; break;
                case 13: column = column with { EncodingCounts = ReadCounts(ref reader, type) }; break;
                case 14: column = column with { BloomFilterOffset = reader.Int64(type) }; break;
                case 15: column = column with { BloomFilterBytes = reader.Int32(type) }; break;
                default: reader.Skip(type); break;
            }
        return column;
    }

    static List<PageEncodingCount> ReadCounts(ref ThriftReader reader, ThriftType type)
    {
        var count = reader.List(type, ThriftType.Struct);
        var counts = new List<PageEncodingCount>(Math.Min(count, 16));
        for (var i = 0; i < count; i++) counts.Add(PageEncodingCount.Read(ref reader));
        return counts;
    }

    static string[] ReadPath(ref ThriftReader reader, ThriftType type)
    {
        var path = new string[reader.List(type, ThriftType.Binary)];
        for (var i = 0; i < path.Length; i++) path[i] = reader.TextElement();
        return path;
    }
}
