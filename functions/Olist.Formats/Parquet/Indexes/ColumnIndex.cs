using Olist.Formats.Parquet.Schema;
using Olist.Formats.Parquet.Statistics;
using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Indexes;

/// <summary>Extremes and null counts per page.</summary>
static class ColumnIndex
{
    /// <returns>One for each page; null when the index is damaged or is not about these pages: then every page may hold anything.</returns>
    public static ParquetPageStatistics[]? Parse(ReadOnlySpan<byte> bytes, LeafColumn leaf, IReadOnlyList<PageLocation> pages)
    {
        try
        {
            return Read(bytes, leaf, pages);
        }
        catch (FormatViolationException)
        {
            // A hint that is damaged is no hint.
            return null;
        }
    }

    static ParquetPageStatistics[]? Read(ReadOnlySpan<byte> bytes, LeafColumn leaf, IReadOnlyList<PageLocation> pages)
    {
        var reader = new ThriftReader(bytes);
        bool[]? areNull = null;
        byte[][]? mins = null, maxs = null;
        long[]? nulls = null;
        short id = 0;
        while (reader.NextField(ref id, out var type))
            switch (id)
            {
                case 1: areNull = Booleans(ref reader, type); break;
                case 2: mins = Values(ref reader, type); break;
                case 3: maxs = Values(ref reader, type); break;
                case 5: nulls = Numbers(ref reader, type); break;
                default: reader.Skip(type); break;
            }
        if (areNull?.Length != pages.Count || mins?.Length != pages.Count || maxs?.Length != pages.Count || (nulls is not null && nulls.Length != pages.Count)) return null;
        var statistics = new ParquetPageStatistics[pages.Count];
        for (var i = 0; i < statistics.Length; i++)
        {
            var rows = pages[i].Rows;
            var nullCount = nulls is null ? (areNull[i] ? rows.Count : null) : (long?)nulls[i];
            // The two ways to say that a page is all null must agree.
            if (nullCount < 0 || nullCount > rows.Count || (areNull[i] && nullCount != rows.Count)) return null;
            var (min, max) = areNull[i] ? (null, null) : StatisticsReader.Usable(leaf, mins[i], maxs[i]);
            statistics[i] = new ParquetPageStatistics(rows, leaf.Type!.Value, nullCount, min, max);
        }
        return statistics;
    }

    static bool[] Booleans(ref ThriftReader reader, ThriftType type)
    {
        var values = new bool[reader.List(type, ThriftType.True)];
        for (var i = 0; i < values.Length; i++) values[i] = reader.BooleanElement();
        return values;
    }

    static byte[][] Values(ref ThriftReader reader, ThriftType type)
    {
        var values = new byte[reader.List(type, ThriftType.Binary)][];
        for (var i = 0; i < values.Length; i++) values[i] = reader.BinaryElement().ToArray();
        return values;
    }

    static long[] Numbers(ref ThriftReader reader, ThriftType type)
    {
        var values = new long[reader.List(type, ThriftType.Int64)];
        for (var i = 0; i < values.Length; i++) values[i] = reader.Int64Element();
        return values;
    }
}
