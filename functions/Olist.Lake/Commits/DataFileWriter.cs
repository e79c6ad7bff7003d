using System.Globalization;
using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Lake.Partitioning;
using Olist.Lake.Scans;
using Olist.Lake.Schemas;
using Olist.Storage;

namespace Olist.Lake.Commits;

/// <summary>Writes rows as data files: one per partition (more when they pass the target size), each sorted by the table's order.</summary>
sealed class DataFileWriter(TableContext table, TableMetadata metadata, string operation, WrittenFiles written)
{
    /// <summary>Rows that are copied into their order at a time.</summary>
    const int SliceRows = 64 << 10;

    readonly TableSchema _schema = metadata.CurrentSchema;
    readonly PartitionSpec _spec = metadata.DefaultSpec;
    readonly WriterSettings _settings = new(metadata, table.Name);
    int _fileCount;

    /// <summary>The rows of one file, or of several of one partition.</summary>
    sealed record Portion(PartitionKey Partition, IEnumerable<RowBatch> Slices);

    public async ValueTask<List<DataFile>> WriteAsync(IReadOnlyList<RowBatch> batches, CancellationToken cancellationToken)
    {
        var conformed = batches.Where(batch => batch.RowCount > 0).Select(batch => RowConformer.Conform(batch, _schema, table.Name)).ToArray();
        if (conformed.Length == 0) return [];
        var order = _settings.SortOrder;
        var portions = _spec.IsUnpartitioned && order.Fields.Count == 0
            ? [new Portion(PartitionKey.None, conformed)]
            : Arrange(RowBatch.Concat(_schema.Columns, conformed), order);
        var files = await Ahead.ToListAsync(portions, WritePortionAsync, table.Options.Parallelism, cancellationToken);
        return [.. files.SelectMany(file => file)];
    }

    List<Portion> Arrange(RowBatch rows, SortOrder order)
    {
        var sorted = RowSorter.Order([.. order.Fields.Select(field => new SortColumn(field.Transform.Apply(rows[_schema.FindColumn(field.SourceId)!.Name]), field.Ascending, field.NullsFirst))], rows.RowCount); // the order binds to the schema
        if (_spec.IsUnpartitioned) return [new Portion(PartitionKey.None, sorted is null ? [rows] : Slices(rows, sorted))];
        var values = PartitionRows.Values(_spec, _schema, rows);
        var firsts = new KeyIndex(values).Firsts;
        var groups = new Dictionary<int, List<int>>();
        for (var i = 0; i < rows.RowCount; i++)
        {
            var row = sorted is null ? i : sorted[i];
            if (!groups.TryGetValue(firsts[row], out var group)) groups[firsts[row]] = group = [];
            group.Add(row);
        }
        return groups.Select(group => new Portion(
            PartitionRows.KeyOf(values, group.Key),
            groups.Count == 1 && sorted is null ? [rows] : Slices(rows, [.. group.Value]))).ToList();
    }

    /// <summary>The rows in the given order, some at a time.</summary>
    public static IEnumerable<RowBatch> Slices(RowBatch rows, int[] order)
    {
        for (var start = 0; start < order.Length; start += SliceRows) yield return Gather(rows, order.AsMemory(start, Math.Min(SliceRows, order.Length - start)));
    }

    /// <summary>Copying rows into another order waits for memory most of the time, so columns go side by side.</summary>
    static RowBatch Gather(RowBatch rows, ReadOnlyMemory<int> order)
    {
        if (order.Length < SliceRows / 8) return rows.Gather(order.Span);
        var columns = new Column[rows.Columns.Count];
        Parallel.For(0, columns.Length, i => columns[i] = rows.Columns[i].Gather(order.Span));
        return new RowBatch(rows.Schema, columns, order.Length);
    }

    async ValueTask<List<DataFile>> WritePortionAsync(Portion portion, CancellationToken cancellationToken)
    {
        var files = new List<DataFile>();
        using var slices = portion.Slices.GetEnumerator();
        for (var more = slices.MoveNext(); more;)
        {
            var key = NextKey(portion.Partition);
            written.Add(key);
            await using var output = await table.Store.OpenWriteAsync(key, cancellationToken);
            await using var parquet = new ParquetWriter(output, _schema.Columns, _settings.Parquet);
            do
            {
                await parquet.WriteAsync(slices.Current, cancellationToken);
                more = slices.MoveNext();
            }
            while (more && output.Position < _settings.TargetFileBytes);
            var summary = await parquet.CompleteAsync(cancellationToken);
            await output.CompleteAsync(cancellationToken);
            files.Add(FileMetrics.Describe(table.Files.Locations.LocationOf(key), FileContent.Data, portion.Partition, _settings.SortOrder.OrderId, summary));
        }
        return files;
    }

    string NextKey(PartitionKey partition)
    {
        var folder = _spec.IsUnpartitioned ? "" : _spec.PathOf(partition, _schema) + "/";
        return string.Create(CultureInfo.InvariantCulture, $"{table.Files.Locations.TableKey}/data/{folder}00000-0-{operation}-{Interlocked.Increment(ref _fileCount):d5}.parquet");
    }
}
