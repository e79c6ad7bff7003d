namespace Olist.Formats.Compression;

/// <summary>The raw Snappy block format: a length, then literals and copies. No frames, no checksum.</summary>
/// <remarks>Stateless, so safe from any thread. Drawn in the README of this project.</remarks>
public static class Snappy
{
    /// <summary>Bytes that <see cref="Compress"/> needs room for, whatever the content.</summary>
    public static int MaxCompressedLength(int length) => checked(32 + length + length / 6);

    /// <summary>Compresses all of <paramref name="source"/>.</summary>
    /// <param name="source">The bytes to compress.</param>
    /// <param name="destination">At least <see cref="MaxCompressedLength"/> bytes, not overlapping the source.</param>
    /// <returns>Bytes written.</returns>
    public static int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (destination.Length < MaxCompressedLength(source.Length))
            throw new ArgumentException($"{destination.Length} bytes of room, {MaxCompressedLength(source.Length)} needed.", nameof(destination));
        return SnappyCompressor.Compress(source, destination);
    }

    /// <summary>The length that a block says it has when decompressed; the caller decides whether to believe it.</summary>
    /// <exception cref="FormatViolationException">The block does not start with a length.</exception>
    public static int ReadDecompressedLength(ReadOnlySpan<byte> source) => SnappyDecompressor.ReadLength(source, out _);

    /// <summary>Decompresses a block that fills <paramref name="destination"/> exactly.</summary>
    /// <exception cref="FormatViolationException">The block is damaged, or has another length; the destination may be partly written.</exception>
    public static void Decompress(ReadOnlySpan<byte> source, Span<byte> destination) => SnappyDecompressor.Decompress(source, destination);
}
