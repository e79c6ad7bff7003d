using System.Buffers.Binary;
using Olist.Formats.Columns;

namespace Olist.Lake.Commits;

/// <summary>Values as unsigned 64-bit numbers in the same order, so that rows sort by comparing numbers.</summary>
/// <remarks>Text takes several: 7 bytes at a time, and how many bytes there were in the lowest byte, <see cref="More"/> when the value goes on.</remarks>
static class SortKeys
{
    public const int TextStep = 7;
    const ulong More = 8;
    const ulong Sign = 1UL << 63;

    public static bool GoesOn(Column column, ulong key) => column is BytesColumn && (key & 0xF) == More;

    public static void Fill(Column column, int offset, ReadOnlySpan<int> rows, Span<ulong> keys)
    {
        switch (column)
        {
            case ValueColumn<long> longs:
                for (var i = 0; i < rows.Length; i++) keys[i] = (ulong)longs.Values[rows[i]] ^ Sign;
                break;
            case ValueColumn<int> ints:
                for (var i = 0; i < rows.Length; i++) keys[i] = (ulong)(long)ints.Values[rows[i]] ^ Sign;
                break;
            case ValueColumn<byte> flags:
                for (var i = 0; i < rows.Length; i++) keys[i] = flags.Values[rows[i]];
                break;
            case ValueColumn<double> doubles:
                for (var i = 0; i < rows.Length; i++) keys[i] = OfDouble(doubles.Values[rows[i]]);
                break;
            case ValueColumn<float> floats:
                for (var i = 0; i < rows.Length; i++) keys[i] = OfDouble(floats.Values[rows[i]]);
                break;
            default:
                var bytes = (BytesColumn)column;
                var isDecimal = column.Type.Kind == TypeKind.Decimal;
                for (var i = 0; i < rows.Length; i++) keys[i] = isDecimal ? OfDecimal(bytes[rows[i]], offset) : OfBytes(bytes[rows[i]], offset);
                break;
        }
    }

    // NaN comes out above all numbers.
    static ulong OfDouble(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value);
        return double.IsNaN(value) ? ulong.MaxValue : bits < 0 ? ~(ulong)bits : (ulong)bits | Sign;
    }

    static ulong OfBytes(ReadOnlySpan<byte> value, int offset)
    {
        var rest = value.Length > offset ? value[offset..] : default;
        if (rest.Length >= 8) return (BinaryPrimitives.ReadUInt64BigEndian(rest) & ~0xFFUL) | More;
        ulong key = 0;
        for (var i = 0; i < rest.Length && i < TextStep; i++) key |= (ulong)rest[i] << (56 - 8 * i);
        return key | (uint)rest.Length;
    }

    /// <summary>Wide decimals, sign-extended to 21 bytes and with the sign turned, sort as bytes.</summary>
    static ulong OfDecimal(ReadOnlySpan<byte> value, int offset)
    {
        Span<byte> wide = stackalloc byte[3 * TextStep];
        wide.Fill(value.Length > 0 && (value[0] & 0x80) != 0 ? (byte)0xFF : (byte)0);
        value.CopyTo(wide[^value.Length..]);
        wide[0] ^= 0x80;
        return OfBytes(wide, offset);
    }
}
