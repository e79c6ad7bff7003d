using System.Buffers.Binary;
using Olist.Formats.Columns;

namespace Olist.Formats.Parquet.Statistics;

/// <summary>The order of plain values that statistics use: numbers by value, wide decimals signed, bytes and text unsigned.</summary>
static class PlainOrder
{
    public static int Compare(DataType type, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => type.Kind switch
    {
        TypeKind.Float => BinaryPrimitives.ReadSingleLittleEndian(left).CompareTo(BinaryPrimitives.ReadSingleLittleEndian(right)),
        TypeKind.Double => BinaryPrimitives.ReadDoubleLittleEndian(left).CompareTo(BinaryPrimitives.ReadDoubleLittleEndian(right)),
        TypeKind.Decimal when type.Precision > DataType.MaxLongDecimalPrecision => CompareSigned(left, right),
        TypeKind.Boolean or TypeKind.String or TypeKind.Binary or TypeKind.Uuid or TypeKind.Fixed => left.SequenceCompareTo(right),
        _ => ReadInteger(left).CompareTo(ReadInteger(right)),
    };

    /// <summary>Big-endian two's complement of any lengths.</summary>
    public static int CompareSigned(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var leftSign = left.Length > 0 && (left[0] & 0x80) != 0 ? (byte)0xFF : (byte)0;
        var rightSign = right.Length > 0 && (right[0] & 0x80) != 0 ? (byte)0xFF : (byte)0;
        if (leftSign != rightSign) return leftSign != 0 ? -1 : 1;
        for (var i = Math.Max(left.Length, right.Length); i > 0; i--)
        {
            var a = i > left.Length ? leftSign : left[^i];
            var b = i > right.Length ? rightSign : right[^i];
            if (a != b) return a.CompareTo(b);
        }
        return 0;
    }

    static long ReadInteger(ReadOnlySpan<byte> value) => value.Length == 4 ? BinaryPrimitives.ReadInt32LittleEndian(value) : BinaryPrimitives.ReadInt64LittleEndian(value);
}
