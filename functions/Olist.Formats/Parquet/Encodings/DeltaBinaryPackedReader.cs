namespace Olist.Formats.Parquet.Encodings;

/// <summary>DELTA_BINARY_PACKED: blocks of deltas above the block's smallest one. Sums wrap, as the format wants.</summary>
static class DeltaBinaryPackedReader
{
    /// <summary>Fills <paramref name="destination"/>, whose length must be the count in the page.</summary>
    /// <returns>Bytes used.</returns>
    public static int Read(ReadOnlySpan<byte> source, Span<long> destination)
    {
        var at = 0;
        var blockSize = Varint(source, ref at);
        var miniblocks = Varint(source, ref at);
        var total = Varint(source, ref at);
        var value = Zigzag(source, ref at);
        if (blockSize is 0 or > 1 << 24 || blockSize % 128 != 0 || miniblocks == 0 || blockSize % miniblocks != 0 || blockSize / miniblocks % 32 != 0)
            throw new FormatViolationException($"delta blocks of {blockSize} values in {miniblocks} parts");
        if (total != (ulong)destination.Length) throw new FormatViolationException($"{total} delta values where {destination.Length} belong");
        if (total == 0) return at;
        destination[0] = value;
        var perMiniblock = (int)(blockSize / miniblocks);
        var done = 1;
        Span<ulong> deltas = stackalloc ulong[32];
        while (done < destination.Length)
        {
            var minDelta = Zigzag(source, ref at);
            if (source.Length - at < (int)miniblocks) throw new FormatViolationException("its end inside of the bit widths of a delta block");
            var widths = source.Slice(at, (int)miniblocks);
            at += (int)miniblocks;
            for (var i = 0; i < widths.Length && done < destination.Length; i++)
            {
                if (widths[i] > 64) throw new FormatViolationException($"deltas of {widths[i]} bits");
                var bytes = perMiniblock / 8 * widths[i];
                var body = source.Slice(at, Math.Min(bytes, source.Length - at));
                at += body.Length;
                for (var first = 0; first < perMiniblock && done < destination.Length; first += 32)
                {
                    var count = Math.Min(32, destination.Length - done);
                    var from = Math.Min(body.Length, first / 8 * widths[i]);
                    BitPacking.UnpackWide(body[from..], widths[i], deltas[..count]);
                    for (var j = 0; j < count; j++)
                    {
                        value = unchecked(value + minDelta + (long)deltas[j]);
                        destination[done++] = value;
                    }
                }
            }
        }
        return at;
    }

    /// <summary>Lengths or prefixes of byte arrays; the count comes from the page.</summary>
    public static int[] ReadLengths(ReadOnlySpan<byte> source, int count, out int used)
    {
        var wide = new long[count];
        used = Read(source, wide);
        var lengths = new int[count];
        for (var i = 0; i < count; i++)
            lengths[i] = wide[i] is >= 0 and <= int.MaxValue ? (int)wide[i] : throw new FormatViolationException($"a length of {wide[i]} bytes");
        return lengths;
    }

    static long Zigzag(ReadOnlySpan<byte> source, ref int at)
    {
        var value = Varint(source, ref at);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    static ulong Varint(ReadOnlySpan<byte> source, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (at >= source.Length) throw new FormatViolationException("its end inside of a delta header");
            var next = source[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw new FormatViolationException("a delta header of more than 64 bits");
    }
}
