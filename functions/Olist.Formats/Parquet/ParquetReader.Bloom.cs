using Olist.Formats.Columns;
using Olist.Formats.Parquet.Indexes;

namespace Olist.Formats.Parquet;

/// <content>Bloom filters.</content>
public sealed partial class ParquetReader
{
    /// <summary>The bloom filter of a column in one row group; null when there is none, and when the file has the column in another type, whose values hash differently.</summary>
    /// <param name="rowGroup">From 0 on.</param>
    /// <param name="column">Found as when it is read.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    public async ValueTask<ParquetBloomFilter?> ReadBloomFilterAsync(int rowGroup, ColumnSchema column, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (FindLeaf(rowGroup, column with { Required = false }) is not { } leaf || leaf.Type != column.Type) return null;
        var chunk = ChunkOf(rowGroup, leaf);
        if (chunk.BloomFilterOffset is not { } offset) return null;
        try
        {
            return new ParquetBloomFilter(await BloomFilterReader.ReadAsync(_source, offset, chunk.BloomFilterBytes, _footer.MetadataOffset, _footer.Checksums, cancellationToken));
        }
        catch (FormatViolationException e)
        {
            throw At(rowGroup, leaf.Path, e);
        }
    }
}
