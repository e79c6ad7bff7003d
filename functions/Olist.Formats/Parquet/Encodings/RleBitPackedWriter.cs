using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Olist.Formats.Parquet.Encodings;

/// <summary>The RLE / bit-packed hybrid: repeats as (count, value), everything else packed in groups of eight.</summary>
static class RleBitPackedWriter
{
    /// <summary>Definition levels of a flat column: 1 where there is a value. No length prefix.</summary>
    public static void WriteLevels(ReadOnlySpan<byte> validity, ByteBuffer output)
    {
        const int MinRun = 64;
        int packedFrom = 0, at = 0;
        while (at < validity.Length)
        {
            var run = validity[at..].IndexOfAnyExcept(validity[at]);
            if (run < 0) run = validity.Length - at;
            if (run < MinRun && at + run < validity.Length || at + run == validity.Length && run < MinRun && at > packedFrom)
            {
                at = Math.Min(validity.Length, at + Math.Max(8, run & ~7));
                continue;
            }
            PackLevels(validity[packedFrom..at], output);
            output.WriteVarint((ulong)run << 1);
            output.WriteByte(validity[at]);
            packedFrom = at += run;
        }
        PackLevels(validity[packedFrom..], output);
    }

    static void PackLevels(ReadOnlySpan<byte> validity, ByteBuffer output)
    {
        if (validity.Length == 0) return;
        var groups = (validity.Length + 7) / 8;
        output.WriteVarint(((ulong)groups << 1) | 1);
        PackBits(validity, output.Reserve(groups));
        output.Advance(groups);
    }

    /// <summary>Bytes of 0 or 1 as bits, lowest first; the last byte is padded with zeros.</summary>
    public static void PackBits(ReadOnlySpan<byte> flags, Span<byte> destination)
    {
        var i = 0;
        for (; i + 32 <= flags.Length; i += 32)
        {
            var bits = (Vector256.Create(flags.Slice(i, 32)) << 7).ExtractMostSignificantBits();
            MemoryMarshal.Write(destination[(i / 8)..], bits);
        }
        for (; i < flags.Length; i += 8)
        {
            var bits = 0;
            for (var bit = 0; bit < 8 && i + bit < flags.Length; bit++) bits |= flags[i + bit] << bit;
            destination[i / 8] = (byte)bits;
        }
    }

    /// <summary>Codes below 2 to the power of <paramref name="width"/>. No length prefix, no width byte.</summary>
    public static void Write(ReadOnlySpan<int> values, int width, ByteBuffer output)
    {
        // A repeat pays when it is shorter than the packed groups that it saves, and the header of the run behind it.
        var minRun = Math.Max(8, (8 * (3 + width / 8) / width + 7) & ~7);
        int packedFrom = 0, at = 0;
        while (at < values.Length)
        {
            var run = RunLength(values[at..], minRun);
            if (run < minRun)
            {
                at += 8;
                continue;
            }
            Pack(values[packedFrom..at], width, output);
            output.WriteVarint((ulong)run << 1);
            for (var shift = 0; shift < width; shift += 8) output.WriteByte((byte)(values[at] >> shift));
            packedFrom = at += run;
        }
        Pack(values[packedFrom..], width, output);
    }

    static int RunLength(ReadOnlySpan<int> values, int minRun)
    {
        if (values.Length < minRun || values[0] != values[7] || values[0] != values[1]) return 0;
        var run = values.IndexOfAnyExcept(values[0]);
        return run < 0 ? values.Length : run;
    }

    static void Pack(ReadOnlySpan<int> values, int width, ByteBuffer output)
    {
        if (values.Length == 0) return;
        output.WriteVarint(((ulong)(values.Length + 7) / 8 << 1) | 1);
        var bytes = BitPacking.PackedLength(values.Length, width);
        BitPacking.Pack(values, width, output.Reserve(bytes));
        output.Advance(bytes);
    }
}
