using Olist.Formats.Columns;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Reading;
using Olist.Formats.Parquet.Schema;

namespace Olist.Formats.Parquet.Statistics;

/// <summary>Takes from a footer only what can be relied on.</summary>
static class StatisticsReader
{
    /// <param name="isOrderKnown">As <see cref="IsOrderKnown"/> says.</param>
    public static ParquetColumnStatistics? Read(LeafColumn leaf, StatisticsMetadata? statistics, bool isOrderKnown)
    {
        if (statistics is null) return null;
        var (min, max) = isOrderKnown ? (statistics.Min, statistics.Max) : (null, null);
        // The old fields are in signed order, which is right for numbers only.
        if (min is null && max is null && leaf.Physical is not (PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray))
            (min, max) = (statistics.DeprecatedMin, statistics.DeprecatedMax);
        (min, max) = Usable(leaf, min, max);
        return new ParquetColumnStatistics(leaf.Type!.Value, statistics.NullCount is >= 0 ? statistics.NullCount : null, min, max);
    }

    /// <summary>Whether the newer min and max of a column, and those of its pages, are in the order that the format defines: without column orders the writer did not say so, and of decimals as bytes some say so wrongly.</summary>
    public static bool IsOrderKnown(LeafColumn leaf, FileMetadata file) => file.ColumnOrderCount > 0 && (leaf.Type?.Kind != TypeKind.Decimal || leaf.Physical switch
    {
        // Their lengths differ, and writers have compared them as if they did not (arrow-rs issue 10860, of 2026).
        PhysicalType.ByteArray => false,
        // PARQUET-1655: each byte was compared with its own sign before Arrow C++ 4.0, which called itself parquet-cpp up to 2.0.
        PhysicalType.FixedLengthByteArray => file.CreatedBy is not { } writer || !Array.Exists(WrongDecimals, wrong => writer.StartsWith(wrong, StringComparison.Ordinal)),
        _ => true,
    });

    static readonly string[] WrongDecimals = ["parquet-cpp version ", "parquet-cpp-arrow version 1.", "parquet-cpp-arrow version 2.", "parquet-cpp-arrow version 3."];

    /// <summary>Extremes that can be compared with values in memory: of the right length, not the wrong way round, stored in the unit that this project writes, and in its form: decimals of up to 18 digits as numbers.</summary>
    public static (byte[]? Min, byte[]? Max) Usable(LeafColumn leaf, byte[]? min, byte[]? max)
    {
        if (leaf.Type is not { } type || leaf.Physical == PhysicalType.Int96 || leaf.IsUnsigned32 || leaf.Scale != TimeScale.None) return default;
        var size = SizeOf(leaf);
        if (min is not null && size > 0 && min.Length != size) min = null;
        if (max is not null && size > 0 && max.Length != size) max = null;
        if (type.Storage == StorageKind.Long && leaf.Physical == PhysicalType.FixedLengthByteArray) (min, max) = (Decimals.ToPlainLong(min), Decimals.ToPlainLong(max));
        return min is not null && max is not null && PlainOrder.Compare(type, min, max) > 0 ? default : (min, max);
    }

    static int SizeOf(LeafColumn leaf) => leaf.Physical switch
    {
        PhysicalType.Boolean => 1,
        PhysicalType.Int32 or PhysicalType.Float => 4,
        PhysicalType.Int64 or PhysicalType.Double => 8,
        PhysicalType.FixedLengthByteArray => leaf.Element.TypeLength,
        _ => 0,
    };
}
