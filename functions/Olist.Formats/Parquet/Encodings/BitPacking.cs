using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Olist.Formats.Parquet.Encodings;

/// <summary>Numbers of 0 to 32 bits beside each other, from the least significant bit of the first byte up.</summary>
/// <remarks>With BMI2 eight (or four) numbers move at once; the plain loops give the same bytes.</remarks>
static class BitPacking
{
    /// <summary>Bits that the largest of <paramref name="count"/> codes takes; at least 1, as some readers refuse 0.</summary>
    public static int WidthOfCodes(int count) => Math.Max(1, 32 - int.LeadingZeroCount(count - 1));

    /// <summary>Bytes of <paramref name="count"/> numbers, padded to whole groups of eight.</summary>
    public static int PackedLength(int count, int width) => checked((count + 7) / 8 * width);

    /// <summary>Packs numbers that fit into <paramref name="width"/> bits; the last group of eight is padded with zeros.</summary>
    public static void Pack(ReadOnlySpan<int> values, int width, Span<byte> destination)
    {
        destination = destination[..PackedLength(values.Length, width)];
        var whole = values.Length & ~7;
        if (Bmi2.X64.IsSupported && width is > 0 and <= 16) PackGroups(values[..whole], width, destination);
        else PackPlainly(values[..whole], width, destination);
        if (whole == values.Length) return;
        Span<int> last = stackalloc int[8];
        values[whole..].CopyTo(last);
        PackPlainly(last, width, destination[(whole / 8 * width)..]);
    }

    static void PackGroups(ReadOnlySpan<int> values, int width, Span<byte> destination)
    {
        Span<byte> end = stackalloc byte[16];
        var at = 0;
        if (width <= 8)
        {
            var mask = 0x0101010101010101UL * ((1UL << width) - 1);
            for (var i = 0; i < values.Length; i += 8, at += width)
            {
                var ints = Vector256.Create(values.Slice(i, 8));
                var shorts = Vector128.Narrow(ints.GetLower(), ints.GetUpper());
                var bytes = Vector128.Narrow(shorts, shorts).AsUInt64().ToScalar();
                var packed = Bmi2.X64.ParallelBitExtract(bytes, mask);
                if (destination.Length - at >= 8) BinaryPrimitives.WriteUInt64LittleEndian(destination[at..], packed);
                else
                {
                    BinaryPrimitives.WriteUInt64LittleEndian(end, packed);
                    end[..width].CopyTo(destination[at..]);
                }
            }
            return;
        }
        var halfMask = 0x0001000100010001UL * ((1UL << width) - 1);
        for (var i = 0; i < values.Length; i += 8, at += width)
        {
            var ints = Vector256.Create(values.Slice(i, 8));
            var shorts = Vector128.Narrow(ints.GetLower(), ints.GetUpper()).AsUInt64();
            var low = Bmi2.X64.ParallelBitExtract(shorts[0], halfMask);
            var high = Bmi2.X64.ParallelBitExtract(shorts[1], halfMask);
            // Two halves of 4 * width bits each.
            var bits = 4 * width;
            var target = destination.Length - at >= 16 ? destination.Slice(at, 16) : end;
            BinaryPrimitives.WriteUInt64LittleEndian(target, bits == 64 ? low : low | (high << bits));
            BinaryPrimitives.WriteUInt64LittleEndian(target[8..], bits == 64 ? high : high >> (64 - bits));
            if (destination.Length - at < 16) end[..width].CopyTo(destination[at..]);
        }
    }

    static void PackPlainly(ReadOnlySpan<int> values, int width, Span<byte> destination)
    {
        ulong pending = 0;
        int bits = 0, at = 0;
        foreach (var value in values)
        {
            pending |= (ulong)(uint)value << bits;
            bits += width;
            while (bits >= 8)
            {
                destination[at++] = (byte)pending;
                pending >>= 8;
                bits -= 8;
            }
        }
    }

    /// <summary>Fills <paramref name="destination"/>; the source may end after its last needed bit.</summary>
    public static void Unpack(ReadOnlySpan<byte> source, int width, Span<int> destination)
    {
        if (width == 0)
        {
            destination.Clear();
            return;
        }
        if (((long)destination.Length * width + 7) / 8 > source.Length)
            throw new FormatViolationException($"{source.Length} bytes for {destination.Length} numbers of {width} bits");
        var done = Bmi2.X64.IsSupported && width <= 16 ? UnpackGroups(source, width, destination) : 0;
        UnpackPlainly(source[(done / 8 * width)..], width, destination[done..]);
    }

    // Stops where a load of 16 bytes would pass the end.
    static int UnpackGroups(ReadOnlySpan<byte> source, int width, Span<int> destination)
    {
        ref var input = ref MemoryMarshal.GetReference(source);
        ref var output = ref MemoryMarshal.GetReference(destination);
        var at = 0;
        var i = 0;
        if (width <= 8)
        {
            var mask = 0x0101010101010101UL * ((1UL << width) - 1);
            for (; i + 8 <= destination.Length && at + 8 <= source.Length; i += 8, at += width)
            {
                var bytes = Bmi2.X64.ParallelBitDeposit(BinaryPrimitives.ReadUInt64LittleEndian(source[at..]), mask);
                var shorts = Vector128.WidenLower(Vector128.CreateScalar(bytes).AsByte());
                Vector256.Create(Vector128.WidenLower(shorts), Vector128.WidenUpper(shorts)).AsInt32().StoreUnsafe(ref output, (nuint)i);
            }
            return i;
        }
        var halfMask = 0x0001000100010001UL * ((1UL << width) - 1);
        var bits = 4 * width;
        for (; i + 8 <= destination.Length && at + 16 <= source.Length; i += 8, at += width)
        {
            var first = BinaryPrimitives.ReadUInt64LittleEndian(source[at..]);
            var second = BinaryPrimitives.ReadUInt64LittleEndian(source[(at + 8)..]);
            var low = Bmi2.X64.ParallelBitDeposit(first, halfMask);
            var high = Bmi2.X64.ParallelBitDeposit(bits == 64 ? second : (first >> bits) | (second << (64 - bits)), halfMask);
            var shorts = Vector128.Create(low, high).AsUInt16();
            Vector256.Create(Vector128.WidenLower(shorts), Vector128.WidenUpper(shorts)).AsInt32().StoreUnsafe(ref output, (nuint)i);
        }
        return i;
    }

    static void UnpackPlainly(ReadOnlySpan<byte> source, int width, Span<int> destination)
    {
        var mask = width == 32 ? uint.MaxValue : (1u << width) - 1;
        ulong pending = 0;
        int bits = 0, at = 0;
        for (var i = 0; i < destination.Length; i++)
        {
            while (bits < width)
            {
                pending |= (ulong)source[at++] << bits;
                bits += 8;
            }
            destination[i] = (int)((uint)pending & mask);
            pending >>= width;
            bits -= width;
        }
    }

    /// <summary>Fills <paramref name="destination"/> with numbers of up to 64 bits, as delta encodings have them.</summary>
    public static void UnpackWide(ReadOnlySpan<byte> source, int width, Span<ulong> destination)
    {
        if (((long)destination.Length * width + 7) / 8 > source.Length)
            throw new FormatViolationException($"{source.Length} bytes for {destination.Length} numbers of {width} bits");
        var mask = width == 64 ? ulong.MaxValue : (1UL << width) - 1;
        UInt128 pending = 0;
        int bits = 0, at = 0;
        for (var i = 0; i < destination.Length; i++)
        {
            while (bits < width)
            {
                pending |= (UInt128)source[at++] << bits;
                bits += 8;
            }
            destination[i] = (ulong)pending & mask;
            pending >>= width;
            bits -= width;
        }
    }
}
