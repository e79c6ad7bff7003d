using System.Buffers.Binary;
using Olist.Formats.Checksums;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Reading;

/// <summary>The end of a file: its metadata, and the bytes that were read to get it.</summary>
/// <param name="Metadata">Parsed and checked as far as it can be without the pages.</param>
/// <param name="Tail">The last bytes of the file, perhaps all.</param>
/// <param name="TailOffset">Where they start.</param>
/// <param name="MetadataOffset">Where the pages and indexes end.</param>
/// <param name="Checksums">Of what lies between pages and footer.</param>
/// <param name="IsSealed">Whether the footer carries its own checksum, which was verified: it is exactly what this project's writer wrote.</param>
sealed record Footer(FileMetadata Metadata, ReadOnlyMemory<byte> Tail, long TailOffset, long MetadataOffset, PartChecksums Checksums, bool IsSealed)
{
    /// <summary>What is read at once: the footer of any usual file, and small files as a whole.</summary>
    const int FirstReadBytes = 64 << 10;

    const int TrailerBytes = 8;

    public static async ValueTask<Footer> ReadAsync(IRangeReader source, CancellationToken cancellationToken)
    {
        if (source.Length < 4 + TrailerBytes) throw new FormatViolationException($"{source.Length} bytes are too few for a Parquet file");
        var tail = new byte[(int)Math.Min(source.Length, FirstReadBytes)];
        await source.ReadAsync(source.Length - tail.Length, tail, cancellationToken);
        if (!tail.AsSpan(tail.Length - 4).SequenceEqual("PAR1"u8))
            throw new FormatViolationException(tail.AsSpan(tail.Length - 4).SequenceEqual("PARE"u8) ? "it is encrypted, which is not supported" : "it does not end like a Parquet file (PAR1)");
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail.AsSpan(tail.Length - TrailerBytes));
        if (length <= 0 || length > source.Length - TrailerBytes - 4) throw new FormatViolationException($"its footer says it has {length} bytes, the file has {source.Length}");
        if (length + TrailerBytes > tail.Length)
        {
            tail = new byte[length + TrailerBytes];
            await source.ReadAsync(source.Length - tail.Length, tail, cancellationToken);
        }
        var bytes = tail.AsMemory(tail.Length - TrailerBytes - length, length);
        if (SelfChecksum.IsBroken(bytes.Span, PartChecksums.FooterMarker)) throw new FormatViolationException($"its footer does not have the checksum that it gives ({SelfChecksum.Name}): it is damaged");
        var metadata = Parse(bytes.Span);
        return new Footer(metadata, tail, source.Length - tail.Length, source.Length - TrailerBytes - length, PartChecksums.Of(metadata), SelfChecksum.IsSealed(bytes.Span, PartChecksums.FooterMarker));
    }

    static FileMetadata Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new ThriftReader(bytes);
        try
        {
            return FileMetadata.Read(ref reader);
        }
        catch (FormatViolationException e)
        {
            throw new FormatViolationException($"footer, {e.Message}", e);
        }
    }
}
