using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Olist.Formats.Compression;

/// <summary>Greedy matching over fragments of 64 KiB, with a hash table of the last position of every four bytes seen.</summary>
static class SnappyCompressor
{
    const int FragmentBytes = 1 << 16;
    const int MaxTableSize = 1 << 14;

    /// <summary>Matching stops this many bytes before the end, so that wide loads and copies stay inside.</summary>
    const int InputMargin = 15;

    public static int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var written = 0;
        for (var length = (uint)source.Length; ; length >>= 7)
        {
            destination[written++] = (byte)(length < 0x80 ? length : length | 0x80);
            if (length < 0x80) break;
        }
        if (source.Length == 0) return written;
        var tableSize = (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((uint)Math.Min(source.Length, FragmentBytes)), 256, MaxTableSize);
        var rented = ArrayPool<ushort>.Shared.Rent(tableSize);
        var table = rented.AsSpan(0, tableSize);
        while (source.Length > 0)
        {
            var fragment = source[..Math.Min(source.Length, FragmentBytes)];
            table.Clear();
            written += CompressFragment(fragment, destination[written..], table);
            source = source[fragment.Length..];
        }
        ArrayPool<ushort>.Shared.Return(rented);
        return written;
    }

    // Every index below is inside: reads end before the fragment does (InputMargin), writes inside of MaxCompressedLength.
    static int CompressFragment(ReadOnlySpan<byte> fragment, Span<byte> destination, Span<ushort> hashTable)
    {
        ref var source = ref MemoryMarshal.GetReference(fragment);
        ref var output = ref MemoryMarshal.GetReference(destination);
        ref var table = ref MemoryMarshal.GetReference(hashTable);
        var shift = 32 - BitOperations.Log2((uint)hashTable.Length);
        int written = 0, emitted = 0;
        var limit = fragment.Length - InputMargin;
        if (limit > 1)
        {
            var position = 1;
            while (true)
            {
                // Data that does not repeat is stepped through ever faster: after every 32 misses the step grows by one.
                var skip = 32;
                int next = position, candidate;
                do
                {
                    position = next;
                    next = position + (skip++ >> 5);
                    if (next > limit) goto remainder;
                    ref var slot = ref Unsafe.Add(ref table, (int)(Hash(Load32(ref source, position)) >> shift));
                    candidate = slot;
                    slot = (ushort)position;
                }
                while (Load32(ref source, position) != Load32(ref source, candidate));

                written = EmitLiteral(ref source, emitted, position - emitted, ref output, written);
                do
                {
                    var matched = 4 + MatchLength(ref source, candidate + 4, position + 4, fragment.Length);
                    written = EmitCopy(ref output, written, position - candidate, matched);
                    position += matched;
                    emitted = position;
                    if (position >= limit) goto remainder;
                    Unsafe.Add(ref table, (int)(Hash(Load32(ref source, position - 1)) >> shift)) = (ushort)(position - 1);
                    ref var slot = ref Unsafe.Add(ref table, (int)(Hash(Load32(ref source, position)) >> shift));
                    candidate = slot;
                    slot = (ushort)position;
                }
                while (Load32(ref source, position) == Load32(ref source, candidate));
                position++;
            }
        }
    remainder:
        if (emitted < fragment.Length)
        {
            var rest = fragment[emitted..];
            written = EmitLiteralTag(ref output, written, rest.Length);
            rest.CopyTo(destination[written..]);
            written += rest.Length;
        }
        return written;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Hash(uint bytes) => bytes * 0x1E35A7BD;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Load32(ref byte source, int position) => Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref source, position));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int MatchLength(ref byte source, int left, int right, int end)
    {
        var start = right;
        while (right <= end - 8)
        {
            var difference = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, left)) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, right));
            if (difference != 0) return right - start + (BitOperations.TrailingZeroCount(difference) >> 3);
            left += 8;
            right += 8;
        }
        while (right < end && Unsafe.Add(ref source, left) == Unsafe.Add(ref source, right))
        {
            left++;
            right++;
        }
        return right - start;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int EmitLiteral(ref byte source, int start, int length, ref byte output, int written)
    {
        if (length <= 16)
        {
            // The margins of both sides allow to copy more than the literal; what is too much is overwritten next.
            Unsafe.Add(ref output, written) = (byte)((length - 1) << 2);
            Vector128.LoadUnsafe(ref source, (nuint)start).StoreUnsafe(ref output, (nuint)written + 1);
            return written + 1 + length;
        }
        written = EmitLiteralTag(ref output, written, length);
        Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref output, written), ref Unsafe.Add(ref source, start), (uint)length);
        return written + length;
    }

    static int EmitLiteralTag(ref byte output, int written, int length)
    {
        var n = length - 1;
        if (n < 60) Unsafe.Add(ref output, written++) = (byte)(n << 2);
        else if (n < 256)
        {
            Unsafe.Add(ref output, written++) = 60 << 2;
            Unsafe.Add(ref output, written++) = (byte)n;
        }
        else
        {
            Unsafe.Add(ref output, written++) = 61 << 2;
            Unsafe.Add(ref output, written++) = (byte)n;
            Unsafe.Add(ref output, written++) = (byte)(n >> 8);
        }
        return written;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int EmitCopy(ref byte output, int written, int offset, int length)
    {
        if (length < 12 && offset < 2048)
        {
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref output, written), (ushort)(1 | ((length - 4) << 2) | ((offset >> 8) << 5) | ((offset & 0xFF) << 8)));
            return written + 2;
        }
        return EmitLongCopy(ref output, written, offset, length);
    }

    static int EmitLongCopy(ref byte output, int written, int offset, int length)
    {
        while (length >= 68)
        {
            written = EmitCopy64(ref output, written, offset, 64);
            length -= 64;
        }
        if (length > 64)
        {
            // 60 and not 64, so that at least 4 are left for the last copy.
            written = EmitCopy64(ref output, written, offset, 60);
            length -= 60;
        }
        if (length >= 12 || offset >= 2048) return EmitCopy64(ref output, written, offset, length);
        return EmitCopy(ref output, written, offset, length);
    }

    static int EmitCopy64(ref byte output, int written, int offset, int length)
    {
        Unsafe.Add(ref output, written) = (byte)(2 | ((length - 1) << 2));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref output, written + 1), (ushort)offset);
        return written + 3;
    }
}
