namespace Olist.Formats.Parquet.Encodings;

/// <summary>BYTE_STREAM_SPLIT: byte 0 of all values, then byte 1 of all values, and so on.</summary>
static class ByteStreamSplit
{
    /// <summary>Joins the bytes of values of <paramref name="width"/> bytes, which fill <paramref name="destination"/>.</summary>
    public static void Read(ReadOnlySpan<byte> source, int width, Span<byte> destination)
    {
        if (source.Length < destination.Length) throw new FormatViolationException($"{source.Length} bytes for {destination.Length / width} values of {width} bytes");
        var count = destination.Length / width;
        for (var part = 0; part < width; part++)
        {
            var stream = source.Slice(part * count, count);
            for (int i = 0, at = part; i < stream.Length; i++, at += width) destination[at] = stream[i];
        }
    }
}
