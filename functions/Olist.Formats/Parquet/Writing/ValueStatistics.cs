using Olist.Formats.Columns;
using Olist.Formats.Parquet.Statistics;

namespace Olist.Formats.Parquet.Writing;

/// <summary>Nulls, NaNs and extremes of some values; extremes are whole plain values, <see langword="null"/> when there is none.</summary>
readonly record struct ValueStatistics(long NullCount, long NanCount, byte[]? Min, byte[]? Max)
{
    public ValueStatistics Merge(ValueStatistics other, DataType type) => new(
        NullCount + other.NullCount,
        NanCount + other.NanCount,
        Min is null ? other.Min : other.Min is null || PlainOrder.Compare(type, Min, other.Min) <= 0 ? Min : other.Min,
        Max is null ? other.Max : other.Max is null || PlainOrder.Compare(type, Max, other.Max) >= 0 ? Max : other.Max);
}
