using Olist.Formats.Columns;
using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Lake.Scans;

namespace Olist.Lake.RowLevel;

/// <summary>Finds the live rows of a snapshot that match a filter: files of which all rows surely match are not read, unless their rows are asked for.</summary>
sealed class MatchingRows(TableContext table, TableMetadata metadata, IReadOnlyList<ColumnRange> where)
{
    readonly RowFilter _filter = new(metadata.CurrentSchema, where, table.Name);
    readonly ParquetFiles _parquet = new(table);

    /// <summary>What one file has: its matching rows, or all of them.</summary>
    sealed record Hit(LiveFile File, bool IsWhole, long[] Rows, IReadOnlyList<RowBatch> Batches);

    /// <param name="columns">Also read these of the rows; null: none.</param>
    public async ValueTask<(RowRemoval Removal, IReadOnlyList<RowBatch> Rows)> FindAsync(LakeSnapshot? snapshot, IReadOnlyList<ColumnSchema>? columns, CancellationToken cancellationToken)
    {
        var pruner = _filter.Pruner(metadata);
        var files = await SnapshotFiles.LoadAsync(table, metadata, snapshot, pruner, cancellationToken);
        var deletes = await DeleteFilter.LoadAsync(table, metadata, metadata.CurrentSchema, files.Data, files.Deletes, cancellationToken);
        var hits = (await Ahead.ToListAsync(files.Data, (file, token) => SearchAsync(file, pruner, deletes, columns, token), table.Options.Parallelism, cancellationToken)).OfType<Hit>().ToArray();
        var partly = hits.Where(hit => !hit.IsWhole).ToArray();
        var positions = new RowPositions([.. partly.Select(hit => new PositionedFile(hit.File.File.Path, hit.File.SpecId, hit.File.Partition, hit.File.Sequence))],
            [.. partly.SelectMany((hit, index) => Enumerable.Repeat(index, hit.Rows.Length))], [.. partly.SelectMany(hit => hit.Rows)]);
        return (new RowRemoval(positions, [.. hits.Where(hit => hit.IsWhole).Select(hit => hit.File)], file => metadata.Specs.All(spec => spec.SpecId != file.SpecId) || pruner.MayMatch(file.File, file.SpecId)), [.. hits.SelectMany(hit => hit.Batches)]);
    }

    async ValueTask<Hit?> SearchAsync(LiveFile file, FilePruner pruner, DeleteFilter deletes, IReadOnlyList<ColumnSchema>? columns, CancellationToken cancellationToken)
    {
        if (deletes.AreDeleted(file, share: 1)) return null; // nothing lives there any more
        if (columns is null && _filter.MatchesAll(file.File, metadata.GetSpec(file.SpecId))) return new Hit(file, IsWhole: true, [], []);
        var reader = await _parquet.OpenAsync(file.File, cancellationToken);
        ColumnSchema[] needed = [.. (columns ?? []).Concat(_filter.Columns).Concat(deletes.NeededFor(file)).DistinctBy(column => column.FieldId)];
        if (needed.Length == 0) needed = [metadata.CurrentSchema.Columns[0]];
        var (rows, batches, live, first) = (new List<long>(), new List<RowBatch>(), 0L, 0L);
        for (var group = 0; group < reader.RowGroupCount; first += reader.RowsIn(group), group++)
        {
            if (!pruner.MayMatch(reader, group))
            {
                live += reader.RowsIn(group); // perhaps fewer, but not all rows of the file go in any case
                continue;
            }
            var batch = await _parquet.ReadAsync(reader, file.File, group, needed, cancellationToken);
            var alive = deletes.LiveRows(file, first, batch) ?? [.. Enumerable.Range(0, batch.RowCount)];
            var candidates = batch.Gather(alive);
            var matching = _filter.Matching(candidates);
            live += alive.Length;
            rows.AddRange((matching is null ? alive : matching.Select(row => alive[row])).Select(row => first + row));
            if (columns is not null) batches.Add((matching is null ? candidates : candidates.Gather(matching)).Select([.. columns.Select(column => column.Name)]));
        }
        return rows.Count == 0 ? null : new Hit(file, rows.Count == live, [.. rows], batches);
    }
}
