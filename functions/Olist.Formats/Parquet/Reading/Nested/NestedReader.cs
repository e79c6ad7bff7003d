using System.Collections.Concurrent;
using Olist.Formats.Columns;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Schema;

namespace Olist.Formats.Parquet.Reading.Nested;

/// <summary>Reads nested columns of one file: plans, fetches and decodes their leaves, then assembles them.</summary>
/// <param name="source">The file.</param>
/// <param name="footer">Its footer.</param>
/// <param name="schema">Its nested columns.</param>
/// <param name="chunkOf">Metadata of a leaf's chunk in a row group, checked.</param>
/// <param name="rangeOf">Where its pages are, checked.</param>
sealed class NestedReader(IRangeReader source, Footer footer, NestedSchema schema, Func<int, LeafColumn, ColumnMetadata> chunkOf, Func<int, LeafColumn, ByteRange> rangeOf)
{
    public async ValueTask<IReadOnlyList<Column>> ReadAsync(int rowGroup, IReadOnlyList<ColumnSchema> columns, int rows, CancellationToken cancellationToken)
    {
        var plans = columns.Select(column => Guard(rowGroup, column.Name, () => NestedPlan.Of(column, schema.Find(column), []))).ToArray();
        var leaves = plans.SelectMany(plan => plan.Leaves).ToArray();
        var ranges = leaves.Select(leaf => rangeOf(rowGroup, leaf.Leaf)).ToArray();
        using var bytes = await RangeFetcher.FetchAsync(source, ranges, footer.Tail, footer.TailOffset, cancellationToken);
        var entries = new ConcurrentDictionary<int, LeafEntries>();
        SideBySide.Run(leaves.Length, rows, Environment.ProcessorCount, i =>
        {
            var (leaf, lists, maxDefinition, withValues) = leaves[i];
            entries[leaf.Ordinal] = Guard(rowGroup, leaf.Path, () => new LeafReader(leaf, lists, maxDefinition).Read(bytes[ranges[i]].Span, chunkOf(rowGroup, leaf), rows, withValues));
        });
        var assembler = new NestedAssembler(entries);
        return plans.Select(plan => Guard(rowGroup, plan.Wanted.Name, () => assembler.Build(plan, default, 0, rows))).ToArray();
    }

    T Guard<T>(int rowGroup, string column, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FormatViolationException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new FormatViolationException(e.Message.StartsWith(source.Name, StringComparison.Ordinal) ? e.Message : $"{source.Name}: row group {rowGroup}, column {column}: {e.Message}", e);
        }
    }
}
