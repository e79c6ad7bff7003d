using System.Collections.Concurrent;
using Olist.Formats.Columns;
using Olist.Formats.Parquet.Indexes;
using Olist.Formats.Parquet.Reading;
using Olist.Formats.Parquet.Schema;
using Olist.Formats.Parquet.Statistics;

namespace Olist.Formats.Parquet;

/// <content>Reading less than a row group, by the page index: which pages can hold what is looked for, and only the pages of certain rows.</content>
public sealed partial class ParquetReader
{
    /// <summary>By row group and leaf; an empty array where there is no usable index.</summary>
    readonly ConcurrentDictionary<(int RowGroup, int Ordinal), PageLocation[]> _pages = [];

    /// <summary>As the other overload, but only the given rows, in their order; pages without any of them are neither fetched nor decoded where the file has a page index that can be used.</summary>
    /// <param name="rowGroup">From 0 on.</param>
    /// <param name="columns">As in the other overload.</param>
    /// <param name="rows">Within the row group.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    /// <exception cref="FormatViolationException">Damage in what had to be read, or a page with other rows than the page index says; pages that are not needed are not looked at.</exception>
    public async ValueTask<RowBatch> ReadRowGroupAsync(int rowGroup, IReadOnlyList<ColumnSchema> columns, RowRanges rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows(rowGroup, rows);
        if (rows.Count == RowsIn(rowGroup)) return await ReadRowGroupAsync(rowGroup, columns, cancellationToken);
        // Rows of nested columns are not places in pages: their group is read whole.
        if (columns.Any(column => column.Type.IsNested)) return (await ReadRowGroupAsync(rowGroup, columns, cancellationToken)).Gather(rows.RowsAt([.. Enumerable.Range(0, rows.Count)]));
        var leaves = columns.Select(column => FindLeaf(rowGroup, column)).ToArray();
        await LoadPagesAsync(rowGroup, leaves.OfType<LeafColumn>(), cancellationToken);
        var plans = leaves.Select(leaf => leaf is null ? null : PagePlan.Of(RangeOf(rowGroup, leaf), _pages[(rowGroup, leaf.Ordinal)], rows, (int)RowsIn(rowGroup))).ToArray();
        using var bytes = await RangeFetcher.FetchAsync(_source, plans.OfType<PagePlan>().SelectMany(plan => plan.Fetches), _footer.Tail, _footer.TailOffset, cancellationToken);
        var decoded = new Column[columns.Count];
        void Decode(int i) => decoded[i] = leaves[i] is { } leaf ? DecodePages(rowGroup, leaf, columns[i], plans[i]!, bytes, rows) : NullColumn.Of(columns[i].Type, rows.Count);
        cancellationToken.ThrowIfCancellationRequested();
        SideBySide.Run(columns.Count, plans.Sum(plan => plan?.RowCount ?? 0) / Math.Max(1, plans.Length), Environment.ProcessorCount, Decode);
        return new RowBatch(columns, decoded, rows.Count);
    }

    /// <summary>What the page index says of the pages of a column, in order; null when the file has none for it, or none that can be used. At most one request for each of the two indexes.</summary>
    public async ValueTask<IReadOnlyList<ParquetPageStatistics>?> ReadPageStatisticsAsync(int rowGroup, ColumnSchema column, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(column);
        CheckRows(rowGroup, RowRanges.None);
        if (FindLeaf(rowGroup, column with { Required = false }) is not { } leaf) return null;
        var chunk = _footer.Metadata.RowGroups[rowGroup].Columns[leaf.Ordinal];
        var index = IndexRange(chunk.ColumnIndexOffset, chunk.ColumnIndexBytes);
        if (index.Length == 0 || !StatisticsReader.IsOrderKnown(leaf, _footer.Metadata)) return null;
        await LoadPagesAsync(rowGroup, [leaf], cancellationToken);
        var pages = _pages[(rowGroup, leaf.Ordinal)];
        if (pages.Length == 0) return null;
        using var bytes = await RangeFetcher.FetchAsync(_source, [index], _footer.Tail, _footer.TailOffset, cancellationToken);
        Verify(rowGroup, leaf, index, bytes[index].Span, "column index");
        return ColumnIndex.Parse(bytes[index].Span, leaf, pages);
    }

    /// <summary>Rows that lie in pages which may hold what is looked for; all rows when the page index does not say.</summary>
    /// <param name="rowGroup">From 0 on.</param>
    /// <param name="column">Found as when it is read; a column that the file lacks excludes nothing.</param>
    /// <param name="mayMatch">False only when no row of such a page can be wanted.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    public async ValueTask<RowRanges> FindRowsAsync(int rowGroup, ColumnSchema column, Func<ParquetPageStatistics, bool> mayMatch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mayMatch);
        var pages = await ReadPageStatisticsAsync(rowGroup, column, cancellationToken);
        return pages is null ? RowRanges.All((int)RowsIn(rowGroup)) : RowRanges.Of(pages.Where(mayMatch).Select(page => page.Rows));
    }

    void CheckRows(int rowGroup, RowRanges rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowGroup);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rowGroup, RowGroupCount);
        if (rows.Count > 0 && rows.Ranges[^1].EndExcl > RowsIn(rowGroup))
            throw new ArgumentOutOfRangeException(nameof(rows), rows.Ranges[^1], $"Row group {rowGroup} of {_source.Name} has {RowsIn(rowGroup)} rows.");
    }

    /// <summary>Sees to it that the places of pages of these columns are known; one request for neighbours.</summary>
    async ValueTask LoadPagesAsync(int rowGroup, IEnumerable<LeafColumn> leaves, CancellationToken cancellationToken)
    {
        var missing = leaves.Where(leaf => !_pages.ContainsKey((rowGroup, leaf.Ordinal)))
            .Select(leaf => (leaf, chunk: _footer.Metadata.RowGroups[rowGroup].Columns[leaf.Ordinal])).Select(of => (of.leaf, range: IndexRange(of.chunk.OffsetIndexOffset, of.chunk.OffsetIndexBytes))).ToArray();
        if (missing.Length == 0) return;
        using var bytes = await RangeFetcher.FetchAsync(_source, missing.Select(index => index.range), _footer.Tail, _footer.TailOffset, cancellationToken);
        foreach (var (leaf, range) in missing)
        {
            Verify(rowGroup, leaf, range, bytes[range].Span, "offset index");
            var pages = range.Length == 0 ? null : OffsetIndex.Parse(bytes[range].Span, RangeOf(rowGroup, leaf), ChunkOf(rowGroup, leaf).DataPageOffset, (int)RowsIn(rowGroup));
            _pages[(rowGroup, leaf.Ordinal)] = pages ?? [];
        }
    }

    void Verify(int rowGroup, LeafColumn leaf, ByteRange range, ReadOnlySpan<byte> bytes, string what)
    {
        try
        {
            if (range.Length > 0) _footer.Checksums.Verify(range.Offset, bytes, what);
        }
        catch (FormatViolationException e)
        {
            throw At(rowGroup, leaf.Path, e);
        }
    }

    /// <summary>Empty when there is no index, or not where one can be.</summary>
    ByteRange IndexRange(long? offset, int? length) =>
        offset is >= 4 and { } from && length is > 0 and { } bytes && from <= _footer.MetadataOffset - bytes ? new ByteRange(from, bytes) : default;

    Column DecodePages(int rowGroup, LeafColumn leaf, ColumnSchema wanted, PagePlan plan, RangeFetcher bytes, RowRanges rows)
    {
        try
        {
            var metadata = ChunkOf(rowGroup, leaf);
            if (metadata.ValueCount != RowsIn(rowGroup)) throw new FormatViolationException($"it has {metadata.ValueCount} values for {RowsIn(rowGroup)} rows");
            using var chunk = plan.Collect(bytes);
            var pages = Conversion.Apply(ChunkDecoder.Create(leaf, plan.RowCount).Decode(chunk.Bytes.Span, metadata.Codec), leaf, wanted.Type);
            var column = plan.Cut(pages, rows);
            if (wanted.Required && column.CountNulls() is > 0 and var nulls) throw new FormatViolationException($"it is required, but {nulls} rows have no value");
            return column;
        }
        catch (Exception e) when (e is FormatViolationException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw At(rowGroup, leaf.Path, e);
        }
    }
}
