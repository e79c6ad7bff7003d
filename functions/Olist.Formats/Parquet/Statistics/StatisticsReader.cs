using Olist.Formats.Columns;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Schema;

namespace Olist.Formats.Parquet.Statistics;

/// <summary>Takes from a footer only what can be relied on.</summary>
static class StatisticsReader
{
    public static ParquetColumnStatistics? Read(LeafColumn leaf, StatisticsMetadata? statistics, bool hasColumnOrders)
    {
        if (statistics is null) return null;
        var (min, max) = hasColumnOrders ? (statistics.Min, statistics.Max) : (null, null);
        // The old fields are in signed order, which is right for numbers only.
        if (min is null && max is null && leaf.Physical is not (PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray))
            (min, max) = (statistics.DeprecatedMin, statistics.DeprecatedMax);
        (min, max) = Usable(leaf, min, max);
        return new ParquetColumnStatistics(statistics.NullCount is >= 0 ? statistics.NullCount : null, min, max);
    }

    /// <summary>Extremes that can be compared with values in memory: of the right length, not the wrong way round, and stored in the unit and the form that this project writes.</summary>
    public static (byte[]? Min, byte[]? Max) Usable(LeafColumn leaf, byte[]? min, byte[]? max)
    {
        if (leaf.Type is not { } type || leaf.Physical == PhysicalType.Int96 || leaf.IsUnsigned32 || leaf.Scale != TimeScale.None) return default;
        if (type.Kind == TypeKind.Decimal && leaf.Physical is PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray && type.Precision <= DataType.MaxLongDecimalPrecision) return default;
        var size = SizeOf(leaf);
        if (min is not null && size > 0 && min.Length != size) min = null;
        if (max is not null && size > 0 && max.Length != size) max = null;
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
