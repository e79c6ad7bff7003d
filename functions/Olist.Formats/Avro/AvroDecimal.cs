using System.Buffers.Binary;
using System.Numerics;
using Olist.Formats.Columns;

namespace Olist.Formats.Avro;

/// <summary>Decimals: the unscaled value in big-endian two's complement.</summary>
static class AvroDecimal
{
    /// <summary>10 to the power of the precision: the first value that is too large, for precisions that fit a long.</summary>
    public static long LimitOf(DataType type)
    {
        var limit = 1L;
        for (var digit = 0; digit < type.Precision; digit++) limit *= 10;
        return limit;
    }

    /// <summary>Bytes that the shortest form of a value needs, 1 to 8.</summary>
    public static int CountBytes(long value) => (72 - BitOperations.LeadingZeroCount((ulong)(value ^ (value >> 63)))) >> 3;

    /// <summary>Writes the lowest <paramref name="bytes"/> (1 to 8) bytes; the span has room for 8.</summary>
    public static void Write(Span<byte> destination, long value, int bytes) =>
        BinaryPrimitives.WriteInt64BigEndian(destination, value << (64 - (8 * bytes)));

    /// <summary>The value of any number of bytes that fits a long.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out long value)
    {
        value = 0;
        if (bytes.IsEmpty) return false;
        value = (sbyte)bytes[0] >> 7;
        var sign = (byte)value;
        while (bytes.Length > 8 && bytes[0] == sign) bytes = bytes[1..];
        if (bytes.Length > 8 || (bytes.Length == 8 && (sbyte)bytes[0] >> 7 != value)) return false;
        foreach (var part in bytes) value = (value << 8) | part;
        return true;
    }

    /// <summary>Whether the value of these bytes has no more than <paramref name="precision"/> digits.</summary>
    public static bool Fits(ReadOnlySpan<byte> bytes, int precision) =>
        !bytes.IsEmpty && BigInteger.Abs(new BigInteger(bytes, isBigEndian: true)) < BigInteger.Pow(10, precision);

    /// <summary>The shortest form of the same value.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 1 && (bytes[0] == 0 ? (sbyte)bytes[1] >= 0 : bytes[0] == 0xFF && (sbyte)bytes[1] < 0)) bytes = bytes[1..];
        return bytes;
    }
}
