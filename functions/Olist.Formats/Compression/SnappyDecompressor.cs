using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Olist.Formats.Compression;

/// <summary>Decompresses into a buffer of the length that was announced; every tag is checked against both ends before a byte moves.</summary>
static class SnappyDecompressor
{
    public static int ReadLength(ReadOnlySpan<byte> source, out int used)
    {
        ulong length = 0;
        used = 0;
        for (var shift = 0; shift < 35 && used < source.Length; shift += 7)
        {
            var next = source[used++];
            length |= (ulong)(next & 0x7F) << shift;
            if (next >= 0x80) continue;
            if (length > int.MaxValue) break;
            return (int)length;
        }
        throw new FormatViolationException("Snappy block: it does not start with a length of at most 2 GiB.");
    }

    public static void Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var announced = ReadLength(source, out var read);
        if (announced != destination.Length)
            throw new FormatViolationException($"Snappy block: it says that it holds {announced} bytes, where {destination.Length} were expected.");
        ref var input = ref MemoryMarshal.GetReference(source);
        ref var output = ref MemoryMarshal.GetReference(destination);
        var written = 0;
        while (read < source.Length)
        {
            uint tag = Unsafe.Add(ref input, read++);
            int length, offset;
            switch (tag & 3)
            {
                case 0:
                    length = (int)(tag >> 2) + 1;
                    if (length <= 16 && source.Length - read >= 16 && destination.Length - written >= 16)
                    {
                        Vector128.LoadUnsafe(ref input, (nuint)read).StoreUnsafe(ref output, (nuint)written);
                        read += length;
                        written += length;
                        continue;
                    }
                    if (length > 60) length = LongLiteral(source, ref read, length - 60);
                    if ((uint)length > (uint)(source.Length - read) || length > destination.Length - written) throw Bad(read, $"a literal of {(uint)length} bytes");
                    source.Slice(read, length).CopyTo(destination[written..]);
                    read += length;
                    written += length;
                    continue;
                case 1:
                    if (read >= source.Length) throw Bad(read, "its end inside of a copy");
                    length = (int)((tag >> 2) & 7) + 4;
                    offset = (int)((tag >> 5) << 8) | Unsafe.Add(ref input, read);
                    read++;
                    break;
                case 2:
                    if (source.Length - read < 2) throw Bad(read, "its end inside of a copy");
                    length = (int)(tag >> 2) + 1;
                    offset = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref input, read));
                    read += 2;
                    break;
                default:
                    if (source.Length - read < 4) throw Bad(read, "its end inside of a copy");
                    length = (int)(tag >> 2) + 1;
                    offset = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref input, read));
                    read += 4;
                    break;
            }
            if (offset <= 0 || offset > written || length > destination.Length - written) throw Bad(read, $"a copy of {length} bytes from {(uint)offset} back at {written}");
            if (offset >= 16 && destination.Length - written >= 64)
            {
                // At most 64 bytes: blocks of 16, none overlapping what it reads; the rest is overwritten by what comes next.
                for (var i = 0; i < length; i += 16)
                    Vector128.LoadUnsafe(ref output, (nuint)(written - offset + i)).StoreUnsafe(ref output, (nuint)(written + i));
            }
            else CopyPattern(destination, written, offset, length);
            written += length;
        }
        if (written != destination.Length) throw Bad(read, $"its end after {written} of {destination.Length} bytes");
    }

    static int LongLiteral(ReadOnlySpan<byte> source, ref int read, int lengthBytes)
    {
        if (source.Length - read < lengthBytes) throw Bad(read, "its end inside of a literal's length");
        uint length = 0;
        for (var i = 0; i < lengthBytes; i++) length |= (uint)source[read++] << (8 * i);
        return length >= int.MaxValue ? throw Bad(read, $"a literal of {length} bytes") : (int)length + 1;
    }

    static void CopyPattern(Span<byte> destination, int written, int offset, int length)
    {
        if (offset >= length)
        {
            destination.Slice(written - offset, length).CopyTo(destination[written..]);
            return;
        }
        if (offset == 1)
        {
            destination.Slice(written, length).Fill(destination[written - 1]);
            return;
        }
        for (var i = 0; i < length; i++) destination[written + i] = destination[written + i - offset];
    }

    static FormatViolationException Bad(int position, string what) => new($"Snappy block, byte {position}: {what}.");
}
