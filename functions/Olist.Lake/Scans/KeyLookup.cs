using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Lake.Metadata;

namespace Olist.Lake.Scans;

/// <summary>Finds the live rows that have one of some keys, and where they lie.</summary>
/// <remarks>Manifests, files and row groups are skipped by partition, bounds and bloom filters. Of the others the key columns are read once, and kept as <see cref="KeyPlaces"/>: the next look-up by the same columns
/// asks these, whatever filters let through by chance, and reads the pages of its candidates only. So the cost of a look-up that is made again and again follows the keys, not the table; the first is at worst one scan of the key columns.</remarks>
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
        _parquet.Kept.Seek();
        ColumnSchema[] keyColumns = [.. schema.Select([.. keys.Schema.Select(column => column.Name)], table.Name)];
        if (keyColumns.Length == 0) throw new LakeException($"A look-up in table {table.Name} needs at least one key column.");
        for (var i = 0; i < keyColumns.Length; i++)
            if (keyColumns[i].Type != keys.Columns[i].Type)
                throw new LakeException($"A look-up in table {table.Name} has key column {keyColumns[i].Name} as {keys.Columns[i].Type}; the table has it as {keyColumns[i].Type}.");
        _probe = new KeyProbe(keyColumns, keys);
        var wanted = new Dictionary<int, ValueSet>();
        for (var i = 0; i < keyColumns.Length; i++)
            if (ValueSet.OfKeys(keys.Columns[i]) is { } set) wanted[keyColumns[i].FieldId] = set;
        _pruner = new FilePruner(metadata, wanted);
    }

    public async ValueTask<(RowBatch Rows, RowPositions Positions)> FindAsync(LakeSnapshot? snapshot, IReadOnlyList<string>? names, CancellationToken cancellationToken)
    {
        var columns = _schema.Select(names, _table.Name);
        var files = await SnapshotFiles.LoadAsync(_table, _metadata, snapshot, _pruner, cancellationToken);
        var deletes = await DeleteFilter.LoadAsync(_table, _metadata, _schema, files.Data, files.Deletes, cancellationToken);
        var hits = new List<Hits>();
        await foreach (var found in Ahead.SelectAsync(Stretches(files.Data), (stretch, token) => SearchAsync(files.Data, stretch, deletes, columns, token), _table.Options.Parallelism, cancellationToken))
            hits.AddRange(found);
        return (RowBatch.Concat(columns, [.. hits.Select(hit => hit.Rows)]), PositionsOf(files.Data, hits));
    }

    /// <summary>Files one after the other that are searched in one go: a task for each of many small ones would cost more than its search.</summary>
    static List<Range> Stretches(IReadOnlyList<LiveFile> files)
    {
        const long Enough = 4 << 20;
        var stretches = new List<Range>();
        var (start, bytes) = (0, 0L);
        for (var i = 0; i < files.Count; i++)
        {
            bytes += files[i].File.FileBytes;
            if (bytes < Enough && i + 1 < files.Count) continue;
            stretches.Add(start..(i + 1));
            (start, bytes) = (i + 1, 0);
        }
        return stretches;
    }

    async ValueTask<List<Hits>> SearchAsync(IReadOnlyList<LiveFile> data, Range stretch, DeleteFilter deletes, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellationToken)
    {
        var hits = new List<Hits>();
        for (var file = stretch.Start.Value; file < stretch.End.Value; file++) await SearchAsync(data, file, hits, deletes, columns, cancellationToken);
        return hits;
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

    async ValueTask SearchAsync(IReadOnlyList<LiveFile> data, int index, List<Hits> hits, DeleteFilter deletes, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellationToken)
    {
        var file = data[index];
        var reader = await _parquet.OpenAsync(file.File, cancellationToken);
        ColumnSchema[] needed = [.. _probe.Columns.Concat(deletes.NeededFor(file)).Concat(columns).DistinctBy(column => column.FieldId)];
        long firstRow = 0;
        for (var group = 0; group < reader.RowGroupCount; firstRow += reader.RowsIn(group), group++)
        {
            if (!_pruner.MayMatch(reader, group) || _probe.WithinBounds(reader, group) is not { } possible) continue;
            if (_probe.IsOfOneKey(reader, group))
            {
                if (await TakeAllAsync(reader, file, index, group, firstRow, deletes, columns, cancellationToken) is { } all) hits.Add(all);
                continue;
            }
            if (await FindPlacesAsync(reader, file, group, possible, cancellationToken) is not { } places) continue;
            // By hash; keys are compared once the candidates are there.
            var candidates = _probe.Candidates(places, possible);
            if (candidates.Length == 0) continue;
            var rows = RowRanges.OfRows(candidates);
            var read = await ReadAsync(reader, file, group, needed, rows, candidates, cancellationToken);
            if (Match(file, read, firstRow, rows, deletes) is { Length: > 0 } matched)
                hits.Add(new Hits(new RowBatch(columns, [.. columns.Select(column => ColumnOf(read, column).Gather(matched))], matched.Length), index, Array.ConvertAll(matched, row => firstRow + candidates[row])));
        }
    }

    /// <summary>All live rows of a group; null when there is none.</summary>
    async ValueTask<Hits?> TakeAllAsync(ParquetReader reader, LiveFile file, int index, int group, long firstRow, DeleteFilter deletes, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellationToken)
    {
        ColumnSchema[] needed = [.. deletes.NeededFor(file).Concat(columns).DistinctBy(column => column.FieldId)];
        var all = await ReadAllAsync(reader, file, group, needed, FindKept(file, group, needed), cancellationToken);
        var live = deletes.LiveRows(file, firstRow, all);
        var positions = new long[live?.Length ?? all.RowCount];
        if (positions.Length == 0) return null;
        for (var row = 0; row < positions.Length; row++) positions[row] = firstRow + (live is null ? row : live[row]);
        return new Hits(new RowBatch(columns, [.. columns.Select(column => ColumnOf(all, column)).Select(column => live is null ? column : column.Gather(live))], positions.Length), index, positions);
    }

    /// <summary>Null where the filters of the group deny all keys, so that there is nothing to read for them.</summary>
    async ValueTask<KeyPlaces?> FindPlacesAsync(ParquetReader reader, LiveFile file, int group, byte[] possible, CancellationToken cancellationToken)
    {
        var name = ParquetFiles.NameOfColumns(file.File, group, _probe.Columns) + "#places";
        if (_table.Places.Find<KeyPlaces>(name) is { } known) return known;
        var keys = _parquet.Kept.FindAll(file.File, group, _probe.Columns, (int)reader.RowsIn(group));
        if (keys is null)
        {
            if (!await _probe.MayHoldAsync(reader.RowsIn(group), possible, column => _parquet.FindBloomFilterAsync(reader, file.File, group, column, cancellationToken))) return null;
            keys = await _parquet.ReadAsync(reader, file.File, group, _probe.Columns, cancellationToken);
        }
        var places = KeyPlaces.Of(KeyHash.Of([.. keys.Columns]));
        _table.Places.Put(name, places, places.Bytes);
        return places;
    }

    /// <summary>Some rows of a group. Where they are spread over much of it, as the recent rows of a table are, or some were wanted before, its columns are kept for the next look-up; else only their pages are read.</summary>
    async ValueTask<RowBatch> ReadAsync(ParquetReader reader, LiveFile file, int group, ColumnSchema[] needed, RowRanges rows, int[] candidates, CancellationToken cancellationToken)
    {
        var kept = FindKept(file, group, needed);
        if (!kept.Contains(null) || AreSpread(candidates, reader.RowsIn(group)) || _parquet.Kept.IsAskedAgain(file.File, group))
            return (await ReadAllAsync(reader, file, group, needed, kept, cancellationToken)).Gather(candidates);
        var pages = await _parquet.ReadAsync(reader, file.File, group, [.. needed.Where((_, i) => kept[i] is null)], rows, cancellationToken);
        var at = 0;
        return new RowBatch(needed, [.. kept.Select(column => column?.Gather(candidates) ?? pages.Columns[at++])], candidates.Length);
    }

    /// <summary>The columns of a group that are kept, null for the others.</summary>
    Column?[] FindKept(LiveFile file, int group, ColumnSchema[] columns) => Array.ConvertAll(columns, column => _parquet.Kept.Find(file.File, group, column));

    /// <summary>All rows of a group; columns that are not kept yet are read, and kept for the next look-up.</summary>
    async ValueTask<RowBatch> ReadAllAsync(ParquetReader reader, LiveFile file, int group, ColumnSchema[] columns, Column?[] kept, CancellationToken cancellationToken)
    {
        ColumnSchema[] missing = [.. columns.Where((_, i) => kept[i] is null)];
        var read = missing.Length == 0 ? [] : (await _parquet.ReadAsync(reader, file.File, group, missing, cancellationToken)).Columns;
        for (var i = 0; i < missing.Length; i++) _parquet.Kept.Keep(file.File, group, missing[i], read[i]);
        var at = 0;
        return new RowBatch(columns, [.. kept.Select(column => column ?? read[at++])], (int)reader.RowsIn(group));
    }

    /// <summary>Whether a quarter of the group would be read anyway, or so many rows are wanted that the next look-up of the kind will want some here again.</summary>
    static bool AreSpread(int[] candidates, long rows)
    {
        const int Stretch = 4_096, Many = 16;
        if (candidates.Length >= Many) return true;
        var (stretches, last) = (0, -1);
        foreach (var row in candidates)
        {
            if (row / Stretch == last) continue;
            last = row / Stretch;
            stretches++;
        }
        return (long)stretches * Stretch * 4 >= rows;
    }

    /// <summary>Candidates that have all columns of a key and are not deleted.</summary>
    int[] Match(LiveFile file, RowBatch candidates, long firstRow, RowRanges rows, DeleteFilter deletes)
    {
        var found = _probe.Index.FindAll([.. _probe.Columns.Select(column => ColumnOf(candidates, column))]);
        var live = deletes.LiveRows(file, firstRow, rows, candidates) ?? [.. Enumerable.Range(0, candidates.RowCount)];
        return Array.FindAll(live, row => found[row] >= 0);
    }

    static Column ColumnOf(RowBatch batch, ColumnSchema column)
    {
        for (var i = 0; ; i++)
            if (batch.Schema[i].FieldId == column.FieldId) return batch.Columns[i]; // all that is asked for was read
    }
}
