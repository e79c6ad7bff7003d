using System.Globalization;
using System.Runtime.CompilerServices;
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

    /// <summary>Rows of a stream that are sorted together, in bytes: a few times this is in memory, and files come out large enough to be left alone by compaction.</summary>
    const long RunBytes = 32L << 20;

    readonly TableSchema _schema = metadata.CurrentSchema;
    readonly PartitionSpec _spec = metadata.DefaultSpec;
    readonly WriterSettings _settings = new(metadata, table.Name);
    readonly KeptColumns _kept = new(table);
    int _fileCount;

    /// <summary>The rows of one file, or of several of one partition.</summary>
    sealed record Portion(PartitionKey Partition, IEnumerable<RowBatch> Slices);

    public async ValueTask<List<DataFile>> WriteAsync(IReadOnlyList<RowBatch> batches, CancellationToken cancellationToken)
    {
        var conformed = batches.Where(batch => batch.RowCount > 0).Select(batch => RowConformer.Conform(batch, _schema, table.Name)).ToArray();
        if (conformed.Length == 0) return [];
        var order = _settings.SortOrder;
        return await WriteAsync(_spec.IsUnpartitioned && order.Fields.Count == 0
            ? [new Portion(PartitionKey.None, conformed)]
            : Arrange(RowBatch.Concat(_schema.Columns, conformed), order), cancellationToken);
    }

    async ValueTask<List<DataFile>> WriteAsync(List<Portion> portions, CancellationToken cancellationToken)
    {
        var files = await Ahead.ToListAsync(portions, WritePortionAsync, table.Options.Parallelism, cancellationToken);
        return [.. files.SelectMany(file => file)];
    }

    /// <summary>Rows that come one batch after the other. Where they need no arranging they go straight into files; else a run of them is sorted and written at a time.</summary>
    public async ValueTask<List<DataFile>> WriteAsync(IAsyncEnumerable<RowBatch> batches, CancellationToken cancellationToken)
    {
        if (_spec.IsUnpartitioned && _settings.SortOrder.Fields.Count == 0)
            return await WriteAsync(PartitionKey.None, ConformAsync(batches, cancellationToken), cancellationToken);
        var (files, run, bytes) = (new List<DataFile>(), new List<RowBatch>(), 0L);
        await foreach (var batch in ConformAsync(batches, cancellationToken))
        {
            run.Add(batch);
            bytes += batch.Columns.Sum(MemoryOf);
            if (bytes < RunBytes) continue;
            files.AddRange(await WriteAsync(Arrange(TakeAll(run), _settings.SortOrder), cancellationToken));
            bytes = 0;
        }
        if (run.Count > 0) files.AddRange(await WriteAsync(Arrange(TakeAll(run), _settings.SortOrder), cancellationToken));
        return files;
    }

    /// <summary>Joins the batches and lets go of them before they are written.</summary>
    RowBatch TakeAll(List<RowBatch> run)
    {
        var rows = RowBatch.Concat(_schema.Columns, run);
        run.Clear();
        return rows;
    }

    async IAsyncEnumerable<RowBatch> ConformAsync(IAsyncEnumerable<RowBatch> batches, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in batches.WithCancellation(cancellationToken))
            if (batch.RowCount > 0) yield return RowConformer.Conform(batch, _schema, table.Name);
    }

    /// <summary>About what a column holds; eight bytes a row for all that is not text.</summary>
    static long MemoryOf(Column column) => column is BytesColumn { Codes: null } text ? text.Offsets[text.Count] - text.Offsets[0] + 4L * text.Count : 8L * column.Count;

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

    ValueTask<List<DataFile>> WritePortionAsync(Portion portion, CancellationToken cancellationToken) => WriteAsync(portion.Partition, ToAsync(portion.Slices), cancellationToken);

    static async IAsyncEnumerable<RowBatch> ToAsync(IEnumerable<RowBatch> slices)
    {
        await ValueTask.CompletedTask;
        foreach (var slice in slices) yield return slice;
    }

    async ValueTask<List<DataFile>> WriteAsync(PartitionKey partition, IAsyncEnumerable<RowBatch> rows, CancellationToken cancellationToken)
    {
        var files = new List<DataFile>();
        await using var slices = rows.GetAsyncEnumerator(cancellationToken);
        for (var more = await slices.MoveNextAsync(); more;)
        {
            var key = NextKey(partition);
            written.Add(key);
            await using var output = await table.Store.OpenWriteAsync(key, cancellationToken);
            var only = slices.Current;
            more = await slices.MoveNextAsync();
            await using var parquet = new ParquetWriter(output, _schema.Columns, _settings.ParquetOf(more ? null : only.RowCount));
            await parquet.WriteAsync(only, cancellationToken);
            if (more) only = null;
            while (more && output.Position < _settings.TargetFileBytes)
            {
                await parquet.WriteAsync(slices.Current, cancellationToken);
                more = await slices.MoveNextAsync();
            }
            var summary = await parquet.CompleteAsync(cancellationToken);
            await output.CompleteAsync(cancellationToken);
            var file = FileMetrics.Describe(table.Files.Locations.LocationOf(key), FileContent.Data, partition, _settings.SortOrder.OrderId, summary);
            files.Add(file);
            if (only is not null && summary.SplitOffsets.Count == 1) _kept.KeepWritten(file, only);
        }
        return files;
    }

    string NextKey(PartitionKey partition)
    {
        var folder = _spec.IsUnpartitioned ? "" : _spec.PathOf(partition, _schema) + "/";
        return string.Create(CultureInfo.InvariantCulture, $"{table.Files.Locations.TableKey}/data/{folder}00000-0-{operation}-{Interlocked.Increment(ref _fileCount):d5}.parquet");
    }
}
