using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Olist.Formats.Columns;
using Olist.Formats.Parquet.Statistics;

namespace Olist.Formats.Parquet.Writing;

/// <summary>INT32: ints, dates, and decimals of up to nine digits, which are longs in memory.</summary>
sealed class IntChunkEncoder(ColumnSchema column, ParquetWriterOptions options) : ValueChunkEncoder<int, int>(column, options)
{
    protected override int Gather(ColumnRun run, Span<int> target)
    {
        if (run.Column is not ValueColumn<long> longs) return base.Gather(run, target);
        var kept = 0;
        for (var row = run.Start; row < run.Start + run.Count; row++)
        {
            if (longs.IsNull(row)) continue;
            var value = longs.Values[row];
            target[kept++] = (int)value == value ? (int)value
                : throw new ArgumentException($"Column {Column.Name}: unscaled value {value} has more digits than {Column.Type} allows.");
        }
        return kept;
    }

    protected override ValueStatistics Measure(ReadOnlySpan<int> values)
    {
        var (min, max) = Extremes.Of(values);
        var (lower, upper) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32LittleEndian(lower, min);
        BinaryPrimitives.WriteInt32LittleEndian(upper, max);
        return new(0, 0, lower, upper);
    }
}

/// <summary>INT64: longs, times, timestamps, and decimals of up to 18 digits.</summary>
sealed class LongChunkEncoder(ColumnSchema column, ParquetWriterOptions options) : ValueChunkEncoder<long, long>(column, options)
{
    protected override ValueStatistics Measure(ReadOnlySpan<long> values)
    {
        var (min, max) = Extremes.Of(values);
        var (lower, upper) = (new byte[8], new byte[8]);
        BinaryPrimitives.WriteInt64LittleEndian(lower, min);
        BinaryPrimitives.WriteInt64LittleEndian(upper, max);
        return new(0, 0, lower, upper);
    }
}

sealed class FloatChunkEncoder(ColumnSchema column, ParquetWriterOptions options) : ValueChunkEncoder<float, int>(column, options)
{
    protected override ValueStatistics Measure(ReadOnlySpan<float> values)
    {
        if (!Extremes.TryOfFloats(values, out var min, out var max, out var nans)) return new(0, nans, null, null);
        return new(0, nans, MemoryMarshal.AsBytes(new ReadOnlySpan<float>(in min)).ToArray(), MemoryMarshal.AsBytes(new ReadOnlySpan<float>(in max)).ToArray());
    }
}

sealed class DoubleChunkEncoder(ColumnSchema column, ParquetWriterOptions options) : ValueChunkEncoder<double, long>(column, options)
{
    protected override ValueStatistics Measure(ReadOnlySpan<double> values)
    {
        if (!Extremes.TryOfFloats(values, out var min, out var max, out var nans)) return new(0, nans, null, null);
        return new(0, nans, MemoryMarshal.AsBytes(new ReadOnlySpan<double>(in min)).ToArray(), MemoryMarshal.AsBytes(new ReadOnlySpan<double>(in max)).ToArray());
    }
}
