using System.Runtime.CompilerServices;

namespace Olist.Formats.Avro;

/// <summary>Zigzag varints, which Avro writes all ints, longs and lengths as.</summary>
static class AvroVarint
{
    /// <summary>Bytes of the longest.</summary>
    public const int MaxBytes = 10;

    /// <summary>Writes the value to the start of a span that has room for it.</summary>
    /// <returns>How many bytes that took.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> destination, long value)
    {
        var raw = (ulong)((value << 1) ^ (value >> 63));
        var i = 0;
        while (raw >= 0x80)
        {
            destination[i++] = (byte)(raw | 0x80);
            raw >>= 7;
        }
        destination[i] = (byte)raw;
        return i + 1;
    }
}
