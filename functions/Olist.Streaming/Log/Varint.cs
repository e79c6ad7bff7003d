using System.Runtime.CompilerServices;

namespace Olist.Streaming.Log;

/// <summary>Unsigned varints (lengths) and zigzag ones (differences).</summary>
static class Varint
{
    public const int MaxBytes = 10;

    public static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long Unzigzag(ulong raw) => (long)(raw >> 1) ^ -(long)(raw & 1);

    /// <returns>The position after the value.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(byte[] destination, int position, ulong value)
    {
        while (value >= 0x80)
        {
            destination[position++] = (byte)(value | 0x80);
            value >>= 7;
        }
        destination[position++] = (byte)value;
        return position;
    }

    /// <returns>False when the bytes end inside the value or it has more than 64 bits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> source, ref int position, out ulong value)
    {
        if ((uint)position < (uint)source.Length && source[position] < 0x80)
        {
            value = source[position++];
            return true;
        }
        return TryReadLong(source, ref position, out value);
    }

    static bool TryReadLong(ReadOnlySpan<byte> source, ref int position, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 70 && (uint)position < (uint)source.Length; shift += 7)
        {
            ulong part = source[position++];
            if (shift == 63 && part > 1) return false;
            value |= (part & 0x7F) << shift;
            if (part < 0x80) return true;
        }
        return false;
    }
}
