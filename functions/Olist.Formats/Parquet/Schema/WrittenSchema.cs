using Olist.Formats.Columns;
using Olist.Formats.Parquet.Metadata;

namespace Olist.Formats.Parquet.Schema;

/// <summary>Columns as elements of a footer, with both kinds of annotation.</summary>
static class WrittenSchema
{
    /// <summary>The root and one leaf per column.</summary>
    public static SchemaElement[] Of(IReadOnlyList<ColumnSchema> columns) => [new SchemaElement("table") { ChildCount = columns.Count }, .. columns.Select(LeafOf)];

    public static PhysicalType PhysicalTypeOf(DataType type) => type.Kind switch
    {
        TypeKind.Boolean => PhysicalType.Boolean,
        TypeKind.Int or TypeKind.Date => PhysicalType.Int32,
        TypeKind.Long or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampTz => PhysicalType.Int64,
        TypeKind.Float => PhysicalType.Float,
        TypeKind.Double => PhysicalType.Double,
        TypeKind.String or TypeKind.Binary => PhysicalType.ByteArray,
        TypeKind.Decimal when type.Precision <= 9 => PhysicalType.Int32,
        TypeKind.Decimal when type.Precision <= 18 => PhysicalType.Int64,
        TypeKind.Uuid or TypeKind.Fixed or TypeKind.Decimal => PhysicalType.FixedLengthByteArray,
        _ => throw new ArgumentException($"No Parquet type for {type}.", nameof(type)),
    };

    /// <summary>Bytes of a value of fixed length, else 0.</summary>
    public static int FixedLengthOf(DataType type) => PhysicalTypeOf(type) != PhysicalType.FixedLengthByteArray ? 0
        : type.Kind == TypeKind.Decimal ? DecimalBytes(type.Precision) : type.Length;

    /// <summary>The fewest bytes that hold every decimal of a precision.</summary>
    public static int DecimalBytes(int precision)
    {
        if (precision is < 1 or > 38) throw new ArgumentOutOfRangeException(nameof(precision), precision, "A decimal has 1 to 38 digits.");
        var largest = System.Numerics.BigInteger.Pow(10, precision) - 1;
        return largest.GetByteCount();
    }

    static SchemaElement LeafOf(ColumnSchema column)
    {
        var type = column.Type;
        var leaf = new SchemaElement(column.Name)
        {
            Type = PhysicalTypeOf(type),
            TypeLength = FixedLengthOf(type),
            Repetition = column.Required ? Repetition.Required : Repetition.Optional,
            FieldId = column.FieldId >= 0 ? column.FieldId : null,
        };
        return type.Kind switch
        {
            TypeKind.String => leaf with { Converted = ConvertedType.Utf8, Logical = new(LogicalTypeKind.String) },
            TypeKind.Date => leaf with { Converted = ConvertedType.Date, Logical = new(LogicalTypeKind.Date) },
            TypeKind.Time => leaf with { Converted = ConvertedType.TimeMicros, Logical = new(LogicalTypeKind.Time) { Unit = TimeUnit.Micros } },
            TypeKind.Timestamp or TypeKind.TimestampTz => leaf with
            {
                Converted = ConvertedType.TimestampMicros,
                Logical = new(LogicalTypeKind.Timestamp) { Unit = TimeUnit.Micros, IsAdjustedToUtc = type.Kind == TypeKind.TimestampTz },
            },
            TypeKind.Decimal => leaf with
            {
                Converted = ConvertedType.Decimal,
                Scale = type.Scale,
                Precision = type.Precision,
                Logical = new(LogicalTypeKind.Decimal) { Scale = type.Scale, Precision = type.Precision },
            },
            TypeKind.Uuid => leaf with { Logical = new(LogicalTypeKind.Uuid) },
            _ => leaf,
        };
    }
}
