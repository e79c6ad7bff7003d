using System.Buffers.Binary;
using System.Numerics;
using Olist.Formats.Columns;

namespace Olist.Lake.Schemas;

/// <summary>One value as bytes, as bounds and partition summaries hold it: numbers little-endian, decimals as minimal big-endian two's complement, text as UTF-8.</summary>
/// <remarks>Bounds keep the type that was current when they were written, so numbers are read by their length: 4-byte bounds of a column that is long by now are fine.</remarks>
static class SingleValue
{
    /// <summary>The value of a row, or null.</summary>
    public static byte[]? Of(Column column, int row)
    {
        if (column.IsNull(row)) return null;
        switch (column)
        {
            case ValueColumn<byte> flags:
                return [flags.Values[row]];
            case ValueColumn<int> ints:
                return Int(ints.Values[row]);
            case ValueColumn<long> longs:
                return column.Type.Kind == TypeKind.Decimal ? Decimal(longs.Values[row]) : Long(longs.Values[row]);
            case ValueColumn<float> floats:
                var single = new byte[4];
                BinaryPrimitives.WriteSingleLittleEndian(single, floats.Values[row]);
                return single;
            case ValueColumn<double> doubles:
                var number = new byte[8];
                BinaryPrimitives.WriteDoubleLittleEndian(number, doubles.Values[row]);
                return number;
            default:
                var bytes = ((BytesColumn)column)[row];
                return column.Type.Kind == TypeKind.Decimal ? MinimalDecimal(bytes) : bytes.ToArray();
        }
    }

    /// <summary>From what Parquet statistics hold (<see cref="Olist.Formats.Parquet.ParquetColumnStatistics"/>): the same but for decimals, which lie there as numbers or at a fixed length.</summary>
    /// <param name="type">That of the column in the file, not in the table.</param>
    /// <param name="plain">The bound.</param>
    public static byte[] OfPlain(DataType type, byte[] plain) => type.Kind != TypeKind.Decimal ? plain
        : type.Precision > DataType.MaxLongDecimalPrecision ? MinimalDecimal(plain)
        : Decimal(plain.Length == 4 ? BinaryPrimitives.ReadInt32LittleEndian(plain) : BinaryPrimitives.ReadInt64LittleEndian(plain));

    public static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    public static byte[] Long(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    public static byte[] Decimal(BigInteger unscaled) => unscaled.ToByteArray(isUnsigned: false, isBigEndian: true);

    /// <summary>The number of a decimal; of one beyond 64 bits, the nearest that they hold.</summary>
    public static long ToUnscaled(ReadOnlySpan<byte> bytes) => long.CreateSaturating(new BigInteger(bytes, isUnsigned: false, isBigEndian: true));

    public static byte[] MinimalDecimal(ReadOnlySpan<byte> bytes) => Decimal(new BigInteger(bytes, isUnsigned: false, isBigEndian: true));

    /// <summary>Order of two values of one type; strings by their UTF-8 bytes, NaN above all numbers.</summary>
    /// <exception cref="Olist.Formats.FormatViolationException">A value has a length that its type can't have.</exception>
    public static int Compare(DataType type, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        switch (type.Kind)
        {
            case TypeKind.Boolean:
                return First(left).CompareTo(First(right));
            case TypeKind.Int or TypeKind.Date or TypeKind.Long or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampTz:
                return ToLong(left).CompareTo(ToLong(right));
            case TypeKind.Float or TypeKind.Double:
                return CompareNumbers(ToDouble(left), ToDouble(right));
            case TypeKind.Decimal:
                return new BigInteger(left, isUnsigned: false, isBigEndian: true).CompareTo(new BigInteger(right, isUnsigned: false, isBigEndian: true));
            default:
                return left.SequenceCompareTo(right);
        }
    }

    // NaN sorts below all in .NET, above all in Iceberg.
    static int CompareNumbers(double left, double right) =>
        double.IsNaN(left) || double.IsNaN(right) ? double.IsNaN(left).CompareTo(double.IsNaN(right)) : left.CompareTo(right);

    public static long ToLong(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        8 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        4 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        _ => throw BadLength(bytes.Length),
    };

    public static double ToDouble(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        8 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        4 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => throw BadLength(bytes.Length),
    };

    static byte First(ReadOnlySpan<byte> bytes) => bytes.Length == 1 ? bytes[0] : throw BadLength(bytes.Length);

    static Olist.Formats.FormatViolationException BadLength(int length) => new($"A bound or partition value has {length} bytes, which its type can't have.");
}
