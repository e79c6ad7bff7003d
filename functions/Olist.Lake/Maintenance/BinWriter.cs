using System.Globalization;
using System.Runtime.CompilerServices;
using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Lake.Commits;
using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Lake.Scans;

namespace Olist.Lake.Maintenance;

/// <summary>Rewrites the live rows of bins: into new files of the same partition, or those of another spec into the partitions that the table has now.</summary>
sealed class BinWriter(TableContext table, TableMetadata metadata, DeleteFilter deletes, string operation, WrittenFiles written)
{
    readonly TableSchema _schema = metadata.CurrentSchema;
    readonly WriterSettings _settings = new(metadata, table.Name);
    readonly TableScan _scan = new(table, metadata, metadata.CurrentSchema);
    readonly DataFileWriter _partitioned = new(table, metadata, operation + "-p", written);
    int _fileCount;

    public async ValueTask<List<DataFile>> WriteAsync(CompactionBin bin, CancellationToken cancellationToken)
    {
        var rows = _scan.ReadFilesAsync(bin.Files, deletes, _schema.Columns, cancellationToken);
        if (bin.Partition is null) return await _partitioned.WriteAsync(await ToListAsync(rows, cancellationToken), cancellationToken);
        // Removing rows leaves the others in order, so a file that was sorted still is.
        var isSorted = bin.FitsMemory || (bin.Files.Count == 1 && bin.Files[0].File.SortOrderId == _settings.SortOrder.OrderId);
        return await WriteAsync(bin, _settings.SortOrder.Fields.Count > 0 && bin.FitsMemory ? SortAsync(rows, cancellationToken) : rows, isSorted ? _settings.SortOrder.OrderId : SortOrder.Unsorted.OrderId, cancellationToken);
    }

    async IAsyncEnumerable<RowBatch> SortAsync(IAsyncEnumerable<RowBatch> batches, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parts = await ToListAsync(batches, cancellationToken);
        var rows = RowBatch.Concat(_schema.Columns, parts);
        parts.Clear();
        if (RowSorter.Order([.. _settings.SortOrder.Fields.Select(field => new SortColumn(field.Transform.Apply(rows[_schema.FindColumn(field.SourceId)!.Name]), field.Ascending, field.NullsFirst))], rows.RowCount) is not { } order) // the order binds to the schema
            yield return rows;
        else
            foreach (var slice in DataFileWriter.Slices(rows, order)) yield return slice;
    }

    static async ValueTask<List<RowBatch>> ToListAsync(IAsyncEnumerable<RowBatch> batches, CancellationToken cancellationToken)
    {
        var parts = new List<RowBatch>();
        await foreach (var batch in batches.WithCancellation(cancellationToken)) parts.Add(batch);
        return parts;
    }

    async ValueTask<List<DataFile>> WriteAsync(CompactionBin bin, IAsyncEnumerable<RowBatch> rows, int sortOrderId, CancellationToken cancellationToken)
    {
        var files = new List<DataFile>();
        await using var batches = rows.GetAsyncEnumerator(cancellationToken);
        for (var more = await NextAsync(batches); more;)
        {
            var key = NextKey(bin);
            written.Add(key);
            await using var output = await table.Store.OpenWriteAsync(key, cancellationToken);
            await using var parquet = new ParquetWriter(output, _schema.Columns, _settings.Parquet);
            do
            {
                await parquet.WriteAsync(batches.Current, cancellationToken);
                more = await NextAsync(batches);
            }
            while (more && output.Position < _settings.TargetFileBytes);
            var summary = await parquet.CompleteAsync(cancellationToken);
            await output.CompleteAsync(cancellationToken);
            files.Add(FileMetrics.Describe(table.Files.Locations.LocationOf(key), FileContent.Data, bin.Partition!, sortOrderId, summary));
        }
        return files;
    }

    static async ValueTask<bool> NextAsync(IAsyncEnumerator<RowBatch> batches)
    {
        while (await batches.MoveNextAsync())
            if (batches.Current.RowCount > 0) return true;
        return false;
    }

    string NextKey(CompactionBin bin)
    {
        var spec = metadata.GetSpec(bin.SpecId);
        // A path needs the types of the sources; a spec of old may have lost one, and folders mean nothing to readers.
        var folder = spec.IsUnpartitioned || spec.Fields.Any(field => _schema.FindColumn(field.SourceId) is null) ? "" : spec.PathOf(bin.Partition!, _schema) + "/";
        return string.Create(CultureInfo.InvariantCulture, $"{table.Files.Locations.TableKey}/data/{folder}00000-0-{operation}-{Interlocked.Increment(ref _fileCount):d5}.parquet");
    }
}
