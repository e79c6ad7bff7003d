using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Lake.Metadata;

namespace Olist.Lake.Scans;

/// <summary>Finds the live rows that have one of some keys, and where they lie.</summary>
/// <remarks>Manifests, files and row groups are skipped by partition, bounds and bloom filters. Of the others the most selective key column is read, and of its candidates, page by page, the rest.
/// So where rows that are looked for together were written together, the cost follows the keys, not the table; at worst it is one scan of the key columns.</remarks>
sealed class KeyLookup
{
    readonly TableContext _table;
    readonly TableMetadata _metadata;
    readonly TableSchema _schema;
    readonly ParquetFiles _parquet;
    readonly KeyProbe _probe;
    readonly FilePruner _pruner;

    readonly record struct Hits(RowBatch Rows, int File, long[] Positions);

    /// <exception cref="LakeException">A key column is not in the table, or of another type there.</exception>
    public KeyLookup(TableContext table, TableMetadata metadata, TableSchema schema, RowBatch keys)
    {
        _table = table;
        _metadata = metadata;
        _schema = schema;
        _parquet = new ParquetFiles(table);
        ColumnSchema[] keyColumns = [.. schema.Select([.. keys.Schema.Select(column => column.Name)], table.Name)];
        if (keyColumns.Length == 0) throw new LakeException($"A look-up in table {table.Name} needs at least one key column.");
        for (var i = 0; i < keyColumns.Length; i++)
            if (keyColumns[i].Type != keys.Columns[i].Type)
                throw new LakeException($"A look-up in table {table.Name} has key column {keyColumns[i].Name} as {keys.Columns[i].Type}; the table has it as {keyColumns[i].Type}.");
        _probe = new KeyProbe(keyColumns, keys);
        var wanted = new Dictionary<int, ValueSet>();
        for (var i = 0; i < keyColumns.Length; i++)
            if (ValueSet.Of(keys.Columns[i]) is { } set) wanted[keyColumns[i].FieldId] = set;
        _pruner = new FilePruner(metadata, wanted);
    }

    public async ValueTask<(RowBatch Rows, RowPositions Positions)> FindAsync(LakeSnapshot? snapshot, IReadOnlyList<string>? names, CancellationToken cancellationToken)
    {
        var columns = _schema.Select(names, _table.Name);
        var files = await SnapshotFiles.LoadAsync(_table, _metadata, snapshot, _pruner, cancellationToken);
        var deletes = await DeleteFilter.LoadAsync(_table, _metadata, _schema, files.Data, files.Deletes, cancellationToken);
        var hits = new List<Hits>();
        await foreach (var found in Ahead.SelectAsync(Enumerable.Range(0, files.Data.Count), (file, token) => SearchAsync(files.Data, file, deletes, columns, token), _table.Options.Parallelism, cancellationToken))
            hits.AddRange(found);
        return (RowBatch.Concat(columns, [.. hits.Select(hit => hit.Rows)]), PositionsOf(files.Data, hits));
    }

    static RowPositions PositionsOf(IReadOnlyList<LiveFile> data, List<Hits> hits)
    {
        var files = new List<PositionedFile>();
        var count = hits.Sum(hit => hit.Positions.Length);
        var (fileOf, rows, filled, last) = (new int[count], new long[count], 0, -1);
        foreach (var hit in hits)
        {
            if (hit.File != last)
            {
                var file = data[last = hit.File];
                files.Add(new PositionedFile(file.File.Path, file.SpecId, file.Partition, file.Sequence));
            }
            fileOf.AsSpan(filled, hit.Positions.Length).Fill(files.Count - 1);
            hit.Positions.CopyTo(rows, filled);
            filled += hit.Positions.Length;
        }
        return new RowPositions(files, fileOf, rows);
    }

    async ValueTask<List<Hits>> SearchAsync(IReadOnlyList<LiveFile> data, int index, DeleteFilter deletes, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellationToken)
    {
        var file = data[index];
        var reader = await _parquet.OpenAsync(file.File, cancellationToken);
        var hits = new List<Hits>();
        var selective = _probe.Columns[_probe.MostSelective];
        // Keys are compared whole once the candidates are there.
        ColumnSchema[] others = [.. _probe.Columns.Concat(deletes.NeededFor(file)).Concat(columns).Where(column => column.FieldId != selective.FieldId).DistinctBy(column => column.FieldId)];
        long firstRow = 0;
        for (var group = 0; group < reader.RowGroupCount; firstRow += reader.RowsIn(group), group++)
        {
            if (!_pruner.MayMatch(reader, group) || !await MayHoldAsync(reader, file, group, cancellationToken)) continue;
            var first = await _parquet.ReadAsync(reader, file.File, group, [selective], cancellationToken);
            var candidates = _probe.Candidates(first.Columns[0]);
            if (candidates.Length == 0) continue;
            var rows = RowRanges.OfRows(candidates);
            var rest = others.Length == 0 ? null : await _parquet.ReadAsync(reader, file.File, group, others, rows, cancellationToken);
            var read = new RowBatch([selective, .. others], [first.Columns[0].Gather(candidates), .. rest?.Columns ?? []], candidates.Length);
            if (Match(file, read, firstRow, rows, deletes) is { Length: > 0 } matched)
                hits.Add(new Hits(new RowBatch(columns, [.. columns.Select(column => ColumnOf(read, column).Gather(matched))], matched.Length), index, Array.ConvertAll(matched, row => firstRow + candidates[row])));
        }
        return hits;
    }

    ValueTask<bool> MayHoldAsync(ParquetReader reader, LiveFile file, int group, CancellationToken cancellationToken) =>
        _probe.MayBeInAsync(reader, group, column => _parquet.FindBloomFilterAsync(reader, file.File, group, column, cancellationToken));

    /// <summary>Candidates that have all columns of a key and are not deleted.</summary>
    int[] Match(LiveFile file, RowBatch candidates, long firstRow, RowRanges rows, DeleteFilter deletes)
    {
        var found = _probe.Columns.Length == 1 ? null : _probe.Index.FindAll([.. _probe.Columns.Select(column => ColumnOf(candidates, column))]);
        var live = deletes.LiveRows(file, firstRow, rows, candidates) ?? [.. Enumerable.Range(0, candidates.RowCount)];
        return found is null ? live : Array.FindAll(live, row => found[row] >= 0);
    }

    static Column ColumnOf(RowBatch batch, ColumnSchema column)
    {
        for (var i = 0; ; i++)
            if (batch.Schema[i].FieldId == column.FieldId) return batch.Columns[i]; // all that is asked for was read
    }
}
