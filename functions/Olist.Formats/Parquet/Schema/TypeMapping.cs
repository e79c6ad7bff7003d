using Olist.Formats.Columns;
using Olist.Formats.Parquet.Metadata;

namespace Olist.Formats.Parquet.Schema;

/// <summary>What a leaf of a file is in memory. The logical type decides; the converted type where there is none; the physical type where there is neither.</summary>
static class TypeMapping
{
    public static (DataType? Type, TimeScale Scale, string? Refusal) Of(SchemaElement element)
    {
        var converted = element.Converted;
        var logical = element.Logical;
        if (converted == ConvertedType.Interval) return Refuse("intervals have no type here");
        if (logical.Kind == LogicalTypeKind.Float16) return Refuse("half-precision floats have no type here");
        if (logical.Kind > LogicalTypeKind.Float16) return Refuse($"logical type {logical.Kind} has no type here");
        switch (element.Type!.Value)
        {
            case PhysicalType.Boolean: return (DataType.Boolean, TimeScale.None, null);
            case PhysicalType.Float: return (DataType.Float, TimeScale.None, null);
            case PhysicalType.Double: return (DataType.Double, TimeScale.None, null);
            case PhysicalType.Int96: return (DataType.Timestamp, TimeScale.None, null);
            case PhysicalType.Int32: return OfInt32(element, logical, converted);
            case PhysicalType.Int64: return OfInt64(element, logical, converted);
            case PhysicalType.ByteArray:
                if (IsDecimal(element)) return OfDecimal(element, 38);
                return logical.Kind is LogicalTypeKind.String or LogicalTypeKind.Enum or LogicalTypeKind.Json || converted is ConvertedType.Utf8 or ConvertedType.Enum or ConvertedType.Json
                    ? (DataType.String, TimeScale.None, null)
                    : (DataType.Binary, TimeScale.None, null);
            case PhysicalType.FixedLengthByteArray:
                if (element.TypeLength is <= 0 or > 1 << 20) return Refuse($"its values have {element.TypeLength} bytes each");
                if (IsDecimal(element)) return OfDecimal(element, 38);
                if (logical.Kind == LogicalTypeKind.Uuid) return element.TypeLength == 16 ? (DataType.Uuid, TimeScale.None, null) : Refuse($"a UUID of {element.TypeLength} bytes");
                return (DataType.Fixed(element.TypeLength), TimeScale.None, null);
            default: return Refuse($"physical type {(int)element.Type.Value} is not known");
        }
    }

    public static bool IsUnsigned32(SchemaElement element) => element.Type == PhysicalType.Int32
        && (element.Logical is { Kind: LogicalTypeKind.Integer, IsSigned: false, BitWidth: 32 } || element.Logical.Kind == LogicalTypeKind.None && element.Converted == ConvertedType.UInt32);

    static (DataType?, TimeScale, string?) OfInt32(SchemaElement element, LogicalType logical, ConvertedType? converted)
    {
        if (IsDecimal(element)) return OfDecimal(element, 9);
        if (logical.Kind == LogicalTypeKind.Date || converted == ConvertedType.Date) return (DataType.Date, TimeScale.None, null);
        if (logical.Kind == LogicalTypeKind.Time || converted == ConvertedType.TimeMillis) return (DataType.Time, TimeScale.MillisToMicros, null);
        return (IsUnsigned32(element) ? DataType.Long : DataType.Int, TimeScale.None, null);
    }

    static (DataType?, TimeScale, string?) OfInt64(SchemaElement element, LogicalType logical, ConvertedType? converted)
    {
        if (IsDecimal(element)) return OfDecimal(element, 18);
        if (logical.Kind is LogicalTypeKind.Time or LogicalTypeKind.Timestamp)
        {
            var type = logical.Kind == LogicalTypeKind.Time ? DataType.Time : logical.IsAdjustedToUtc ? DataType.TimestampTz : DataType.Timestamp;
            return logical.Unit switch
            {
                TimeUnit.Millis => (type, TimeScale.MillisToMicros, null),
                TimeUnit.Micros => (type, TimeScale.None, null),
                TimeUnit.Nanos => (type, TimeScale.NanosToMicros, null),
                _ => Refuse($"time unit {(int)logical.Unit} is not known"),
            };
        }
        if (logical.Kind == LogicalTypeKind.None)
            switch (converted)
            {
                // Without a logical type, these are instants in UTC by definition.
                case ConvertedType.TimestampMicros: return (DataType.TimestampTz, TimeScale.None, null);
                case ConvertedType.TimestampMillis: return (DataType.TimestampTz, TimeScale.MillisToMicros, null);
                case ConvertedType.TimeMicros: return (DataType.Time, TimeScale.None, null);
            }
        if (logical is { Kind: LogicalTypeKind.Integer, IsSigned: false, BitWidth: 64 } || logical.Kind == LogicalTypeKind.None && converted == ConvertedType.UInt64)
            return Refuse("unsigned 64-bit numbers have no type here");
        return (DataType.Long, TimeScale.None, null);
    }

    static bool IsDecimal(SchemaElement element) => element.Logical.Kind == LogicalTypeKind.Decimal || element.Converted == ConvertedType.Decimal;

    static (DataType?, TimeScale, string?) OfDecimal(SchemaElement element, int maxPrecision)
    {
        var fromLogical = element.Logical.Kind == LogicalTypeKind.Decimal;
        var precision = fromLogical ? element.Logical.Precision : element.Precision ?? 0;
        var scale = fromLogical ? element.Logical.Scale : element.Scale ?? 0;
        return precision < 1 || precision > maxPrecision || scale < 0 || scale > precision
            ? Refuse($"decimal({precision}, {scale}) does not fit its physical type {element.Type}")
            : (DataType.Decimal(precision, scale), TimeScale.None, null);
    }

    static (DataType?, TimeScale, string?) Refuse(string why) => (null, TimeScale.None, why);
}
