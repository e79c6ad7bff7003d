using Olist.Formats.Parquet.Indexes;

namespace Olist.Formats.Parquet;

/// <summary>The bloom filter of one column chunk: says of a value that it is surely not there, or may be. Immutable.</summary>
public sealed class ParquetBloomFilter
{
    readonly ReadOnlyMemory<byte> _bits;

    internal ParquetBloomFilter(ReadOnlyMemory<byte> bits) => _bits = bits;

    /// <summary>Size in memory.</summary>
    public int Bytes => _bits.Length;

    /// <summary>What filters know of a value, given as the file has it: numbers little-endian in the column's physical type, text as UTF-8.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> plainValue) => BloomFilter.Hash(plainValue);

    /// <summary>False only when no row of the chunk has a value with this <see cref="HashOf"/>.</summary>
    public bool MayContain(ulong hash) => BloomFilter.MayContain(_bits.Span, hash);

    /// <summary>The same for many values at once.</summary>
    /// <param name="hashes">Of the values; in rising order they are asked for fastest.</param>
    /// <param name="may">Is given 0 for each value that surely is not there, else 1; at least as long.</param>
    public void Test(ReadOnlySpan<ulong> hashes, Span<byte> may) => BloomFilter.Test(_bits.Span, hashes, may);
}
