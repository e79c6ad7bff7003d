using Olist.Formats.Parquet.Metadata;

namespace Olist.Formats.Parquet.Writing;

/// <summary>A column chunk that is ready to be written. Its bytes belong to the encoder and last until that encodes the next chunk.</summary>
sealed class EncodedChunk
{
    /// <summary>The dictionary page; empty without one.</summary>
    public required ReadOnlyMemory<byte> Dictionary { get; init; }

    public required ReadOnlyMemory<byte> Pages { get; init; }
    public required IReadOnlyList<EncodedPage> PageList { get; init; }
    public required IReadOnlyList<PageEncodingCount> EncodingCounts { get; init; }
    public required int UncompressedBytes { get; init; }
    public required ValueStatistics Statistics { get; init; }

    /// <summary>Hashes of the distinct values, when a bloom filter is wanted.</summary>
    public byte[]? BloomFilter { get; init; }

    public int CompressedBytes => Dictionary.Length + Pages.Length;
}
