namespace Olist.Formats.Parquet.Indexes;

/// <summary>Fetches a filter: in one request when the footer knows its length.</summary>
static class BloomFilterReader
{
    const int MaxHeaderBytes = 64;
    const int MaxFilterBytes = 128 << 20;

    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(IRangeReader source, long offset, int? length, long dataEndExcl, PartChecksums checksums, CancellationToken cancellationToken)
    {
        if (offset < 4 || offset >= dataEndExcl) throw new FormatViolationException($"its bloom filter is at {offset}, where data ends at {dataEndExcl}");
        var first = Math.Min(dataEndExcl - offset, length is > 0 and <= MaxFilterBytes ? length.Value : MaxHeaderBytes);
        var bytes = new byte[first];
        await source.ReadAsync(offset, bytes, cancellationToken);
        var filterBytes = BloomFilter.ReadHeader(bytes, out var headerBytes);
        if (filterBytes > MaxFilterBytes || filterBytes > dataEndExcl - offset - headerBytes) throw new FormatViolationException($"its bloom filter says it has {filterBytes} bytes");
        if (bytes.Length < headerBytes + filterBytes)
        {
            bytes = new byte[headerBytes + filterBytes];
            await source.ReadAsync(offset, bytes, cancellationToken);
        }
        checksums.Verify(offset, bytes.AsSpan(0, headerBytes + filterBytes), "bloom filter");
        return bytes.AsMemory(headerBytes, filterBytes);
    }
}
