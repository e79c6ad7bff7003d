namespace Olist.Formats.Compression;

/// <summary>Reads the raw LZ4 block format, which Parquet calls LZ4_RAW. Not written here: Snappy is as fast and read by more.</summary>
public static class Lz4Block
{
    /// <summary>Decompresses a block that fills <paramref name="destination"/> exactly.</summary>
    /// <exception cref="FormatViolationException">The block is damaged, or has another length.</exception>
    public static void Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int read = 0, written = 0;
        while (read < source.Length)
        {
            var token = source[read++];
            var literal = ReadLength(source, ref read, token >> 4);
            if (literal > source.Length - read || literal > destination.Length - written) throw Bad(read, $"a literal of {literal} bytes");
            source.Slice(read, literal).CopyTo(destination[written..]);
            read += literal;
            written += literal;
            if (read == source.Length) break;
            if (source.Length - read < 2) throw Bad(read, "its end inside of a copy");
            var offset = source[read] | source[read + 1] << 8;
            read += 2;
            var length = ReadLength(source, ref read, token & 15) + 4;
            if (offset == 0 || offset > written || length > destination.Length - written) throw Bad(read, $"a copy of {length} bytes from {offset} back at {written}");
            if (offset >= length) destination.Slice(written - offset, length).CopyTo(destination[written..]);
            else
                for (var i = 0; i < length; i++) destination[written + i] = destination[written + i - offset];
            written += length;
        }
        if (written != destination.Length) throw Bad(read, $"its end after {written} of {destination.Length} bytes");
    }

    static int ReadLength(ReadOnlySpan<byte> source, ref int read, int length)
    {
        if (length < 15) return length;
        byte more;
        do
        {
            if (read >= source.Length || length > int.MaxValue - 512) throw Bad(read, "a length without an end");
            more = source[read++];
            length += more;
        }
        while (more == 255);
        return length;
    }

    static FormatViolationException Bad(int position, string what) => new($"LZ4 block, byte {position}: {what}.");
}
