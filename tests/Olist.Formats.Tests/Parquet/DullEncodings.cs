namespace Olist.Formats.Tests.Parquet;

/// <summary>The encodings of the format written down bit by bit, without a thought of speed: the oracle for the fast ones.</summary>
static class DullEncodings
{
    public static byte[] PackBits(IEnumerable<ulong> values, int width, int paddedCount)
    {
        var bits = new List<bool>();
        foreach (var value in values)
            for (var bit = 0; bit < width; bit++) bits.Add((value >> bit & 1) == 1);
        while (bits.Count < paddedCount * width) bits.Add(false);
        var bytes = new byte[(bits.Count + 7) / 8];
        for (var i = 0; i < bits.Count; i++)
            if (bits[i]) bytes[i / 8] |= (byte)(1 << (i % 8));
        return bytes;
    }

    public static int[] ReadHybrid(ReadOnlySpan<byte> source, int width, int count)
    {
        var values = new List<int>();
        var at = 0;
        while (values.Count < count)
        {
            var header = 0;
            for (var shift = 0; ; shift += 7)
            {
                header |= (source[at] & 0x7F) << shift;
                if (source[at++] < 0x80) break;
            }
            if (header % 2 == 0)
            {
                var value = 0;
                for (var i = 0; i < (width + 7) / 8; i++) value |= source[at++] << (8 * i);
                values.AddRange(Enumerable.Repeat(value, header / 2));
                continue;
            }
            for (var i = 0; i < header / 2 * 8; i++)
            {
                var value = 0;
                for (var bit = 0; bit < width; bit++)
                    if ((source[at + (i * width + bit) / 8] >> ((i * width + bit) % 8) & 1) == 1) value |= 1 << bit;
                values.Add(value);
            }
            at += header / 2 * width;
        }
        return values.Take(count).ToArray();
    }

    /// <summary>Runs of one value each as (1, value): the dullest hybrid there is.</summary>
    public static byte[] Hybrid(IEnumerable<int> values, int width)
    {
        var bytes = new List<byte>();
        foreach (var value in values)
        {
            bytes.Add(2);
            for (var shift = 0; shift < width; shift += 8) bytes.Add((byte)(value >> shift));
        }
        return [.. bytes];
    }

    public static byte[] Delta(IReadOnlyList<long> values, int blockSize = 128, int miniblocks = 4)
    {
        var bytes = new List<byte>();
        Varint(bytes, (ulong)blockSize);
        Varint(bytes, (ulong)miniblocks);
        Varint(bytes, (ulong)values.Count);
        Zigzag(bytes, values.Count == 0 ? 0 : values[0]);
        for (var start = 1; start < values.Count; start += blockSize)
        {
            var deltas = Enumerable.Range(start, Math.Min(blockSize, values.Count - start)).Select(i => unchecked(values[i] - values[i - 1])).ToArray();
            var min = deltas.Min();
            Zigzag(bytes, min);
            var size = blockSize / miniblocks;
            var parts = Enumerable.Range(0, miniblocks).Select(part => deltas.Skip(part * size).Take(size).Select(delta => unchecked((ulong)(delta - min))).ToArray()).ToArray();
            var widths = parts.Select(part => part.Length == 0 ? 0 : 64 - System.Numerics.BitOperations.LeadingZeroCount(part.Max())).ToArray();
            bytes.AddRange(widths.Select(width => (byte)width));
            for (var part = 0; part < miniblocks; part++)
                if (parts[part].Length > 0) bytes.AddRange(PackBits(parts[part], widths[part], size));
        }
        return [.. bytes];
    }

    public static byte[] DeltaLength(IReadOnlyList<byte[]> values) => [.. Delta([.. values.Select(value => (long)value.Length)]), .. values.SelectMany(value => value)];

    public static byte[] DeltaStrings(IReadOnlyList<byte[]> values)
    {
        var prefixes = values.Select((value, i) => i == 0 ? 0L : value.Zip(values[i - 1]).TakeWhile(pair => pair.First == pair.Second).Count()).ToArray();
        var suffixes = values.Select((value, i) => value[(int)prefixes[i]..]).ToArray();
        return [.. Delta(prefixes), .. DeltaLength(suffixes)];
    }

    public static byte[] Split(IReadOnlyList<byte[]> values) =>
        values.Count == 0 ? [] : [.. Enumerable.Range(0, values[0].Length).SelectMany(part => values.Select(value => value[part]))];

    public static byte[] PlainBytes(IReadOnlyList<byte[]> values) => [.. values.SelectMany(value => (byte[])[.. BitConverter.GetBytes(value.Length), .. value])];

    public static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }

    static void Varint(List<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }

    static void Zigzag(List<byte> bytes, long value) => Varint(bytes, (ulong)(value << 1 ^ value >> 63));
}
