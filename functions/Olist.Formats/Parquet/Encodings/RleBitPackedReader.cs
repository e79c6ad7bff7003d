namespace Olist.Formats.Parquet.Encodings;

/// <summary>Reads the RLE / bit-packed hybrid, bounded by the number of values that the page announced.</summary>
static class RleBitPackedReader
{
    /// <summary>Fills <paramref name="destination"/> with numbers of <paramref name="width"/> bits.</summary>
    /// <returns>Bytes used.</returns>
    public static int Read(ReadOnlySpan<byte> source, int width, Span<int> destination)
    {
        var at = 0;
        while (destination.Length > 0)
        {
            if (!NextRun(source, ref at, width, destination.Length, out var count, out var value, out var packed))
            {
                destination[..count].Fill(value);
            }
            else BitPacking.Unpack(packed, width, destination[..count]);
            destination = destination[count..];
        }
        return at;
    }

    /// <summary>Levels of width 1 as bytes of 0 or 1.</summary>
    /// <returns>How many of them are 1.</returns>
    public static int ReadLevels(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int at = 0, ones = 0;
        while (destination.Length > 0)
        {
            if (NextRun(source, ref at, 1, destination.Length, out var count, out var value, out var packed))
                ones += UnpackBits(packed, destination[..count]);
            else
            {
                if (value > 1) throw new FormatViolationException($"a definition level of {value} where 0 and 1 are possible");
                destination[..count].Fill((byte)value);
                ones += value * count;
            }
            destination = destination[count..];
        }
        return ones;
    }

    /// <summary>Whether the levels are one run of 1 for all <paramref name="count"/> rows, the usual case without nulls.</summary>
    public static bool AreAllOne(ReadOnlySpan<byte> source, int count)
    {
        var at = 0;
        return count > 0 && source.Length >= 2 && !NextRun(source, ref at, 1, count, out var run, out var value, out _) && run == count && value == 1;
    }

    /// <summary>Bits as bytes of 0 or 1.</summary>
    /// <returns>How many of them are 1.</returns>
    public static int UnpackBits(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (source.Length < (destination.Length + 7) / 8) throw new FormatViolationException($"{source.Length} bytes for {destination.Length} single bits");
        var ones = 0;
        var i = 0;
        for (; i + 8 <= destination.Length; i += 8)
        {
            // Spreads eight bits over eight bytes: copies of the byte, each masked to its own bit.
            var copies = source[i / 8] * 0x0101010101010101UL & 0x8040201008040201UL;
            var flags = ((copies + 0x00406070787C7E7FUL) | copies) >> 7 & 0x0101010101010101UL;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(destination[i..], flags);
            ones += System.Numerics.BitOperations.PopCount(source[i / 8]);
        }
        for (; i < destination.Length; i++)
        {
            destination[i] = (byte)(source[i / 8] >> (i & 7) & 1);
            ones += destination[i];
        }
        return ones;
    }

    /// <summary>Reads a run header; true when packed numbers follow. At most <paramref name="left"/> values come of it.</summary>
    static bool NextRun(ReadOnlySpan<byte> source, ref int at, int width, int left, out int count, out int value, out ReadOnlySpan<byte> packed)
    {
        var header = ReadVarint(source, ref at);
        value = 0;
        packed = default;
        if ((header & 1) == 0)
        {
            if (header >> 1 == 0) throw new FormatViolationException($"a run of no values at byte {at}");
            count = (int)Math.Min(header >> 1, (uint)left);
            var bytes = (width + 7) / 8;
            if (source.Length - at < bytes) throw new FormatViolationException($"its end inside of a run at byte {at}");
            for (var i = 0; i < bytes; i++) value |= source[at++] << (8 * i);
            return false;
        }
        var groups = header >> 1;
        if (groups == 0) throw new FormatViolationException($"a run of no values at byte {at}");
        // The last group may lack the bytes of its padding.
        var announced = (long)groups * width;
        var available = (int)Math.Min(announced, source.Length - at);
        count = (int)Math.Min((long)groups * 8, left);
        packed = source.Slice(at, available);
        at += available;
        return true;
    }

    static uint ReadVarint(ReadOnlySpan<byte> source, ref int at)
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            if (at >= source.Length) throw new FormatViolationException($"its end at byte {at} where a run should start");
            var next = source[at++];
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw new FormatViolationException($"a run of more than 2^32 values at byte {at}");
    }
}
