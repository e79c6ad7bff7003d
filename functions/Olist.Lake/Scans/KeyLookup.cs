using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Lake.Metadata;
using Olist.Lake.Schemas;

namespace Olist.Lake.Scans;

/// <summary>Finds the live rows that have one of some keys, and where they lie.</summary>
/// <remarks>Cost: at worst one scan of the key columns. Manifests, files and row groups are skipped by partition, bounds and (for few keys) bloom filters;
/// other columns are read only of row groups with hits.</remarks>
sealed class KeyLookup
{
    /// <summary>A bloom filter answers one value at a time; for more keys than this reading the column is cheaper.</summary>
    const int MaxBloomKeys = 16;

    readonly TableContext _table;
    readonly TableMetadata _metadata;
    readonly TableSchema _schema;
    readonly ParquetFiles _parquet;
    readonly ColumnSchema[] _keyColumns;
    readonly KeyIndex _keys;
    readonly FilePruner _pruner;
    readonly List<(int FieldId, byte[][] Values)> _bloom = [];

    readonly record struct Hits(RowBatch Rows, int File, long[] Positions);

    /// <exception cref="LakeException">A key column is not in the table, or of another type there.</exception>
    public KeyLookup(TableContext table, TableMetadata metadata, TableSchema schema, RowBatch keys)
    {
        _table = table;
        _metadata = metadata;
        _schema = schema;
        _parquet = new ParquetFiles(table);
        _keyColumns = [.. schema.Select([.. keys.Schema.Select(column => column.Name)], table.Name)];
        if (_keyColumns.Length == 0) throw new LakeException($"A look-up in table {table.Name} needs at least one key column.");
        for (var i = 0; i < _keyColumns.Length; i++)
            if (_keyColumns[i].Type != keys.Columns[i].Type)
                throw new LakeException($"A look-up in table {table.Name} has key column {_keyColumns[i].Name} as {keys.Columns[i].Type}; the table has it as {_keyColumns[i].Type}.");
        _keys = new KeyIndex([.. keys.Columns]);
        var wanted = new Dictionary<int, ValueSet>();
        for (var i = 0; i < _keyColumns.Length; i++)
        {
            if (ValueSet.Of(keys.Columns[i]) is not { } set) continue;
            wanted[_keyColumns[i].FieldId] = set;
            if (keys.RowCount <= MaxBloomKeys && !set.IncludesNull && set.Points is { } points && set.Type.Kind is TypeKind.String or TypeKind.Long or TypeKind.Int or TypeKind.Uuid)
                _bloom.Add((_keyColumns[i].FieldId, [.. points]));
        }
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
        ColumnSchema[] first = [.. _keyColumns, .. deletes.NeededFor(file).ExceptBy(_keyColumns.Select(column => column.FieldId), column => column.FieldId)];
        long firstRow = 0;
        for (var group = 0; group < reader.RowGroupCount; firstRow += reader.RowsIn(group), group++)
        {
            if (!_pruner.MayMatch(reader, group) || !await MayContainAsync(reader, file, group, cancellationToken)) continue;
            var keys = await _parquet.ReadAsync(reader, file.File, group, first, cancellationToken);
            var rows = Match(file, keys, firstRow, deletes);
            if (rows.Length > 0)
                hits.Add(new Hits(await CompleteAsync(reader, file, group, keys, rows, columns, cancellationToken), index, Array.ConvertAll(rows, row => firstRow + row)));
        }
        return hits;
    }

    int[] Match(LiveFile file, RowBatch keys, long firstRow, DeleteFilter deletes)
    {
        var found = _keys.FindAll([.. keys.Columns.Take(_keyColumns.Length)]);
        var rows = new List<int>();
        for (var row = 0; row < found.Length; row++)
            if (found[row] >= 0) rows.Add(row);
        if (rows.Count == 0 || !deletes.HasDeletes(file)) return [.. rows];
        if (deletes.LiveRows(file, firstRow, keys) is not { } live) return [.. rows];
        // Both are sorted.
        return [.. rows.Where(row => Array.BinarySearch(live, row) >= 0)];
    }

    /// <summary>The hits with the columns asked for; those that are keys were read already.</summary>
    async ValueTask<RowBatch> CompleteAsync(ParquetReader reader, LiveFile file, int group, RowBatch keys, int[] rows, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellationToken)
    {
        ColumnSchema[] others = [.. columns.ExceptBy(keys.Schema.Select(column => column.FieldId), column => column.FieldId)];
        var rest = others.Length == 0 ? null : await _parquet.ReadAsync(reader, file.File, group, others, cancellationToken);
        var gathered = columns.Select(column => (keys.Has(column.Name) ? keys[column.Name] : rest![column.Name]).Gather(rows)).ToArray(); // what is no key was read as rest
        return new RowBatch(columns, gathered, rows.Length);
    }

    async ValueTask<bool> MayContainAsync(ParquetReader reader, LiveFile file, int group, CancellationToken cancellationToken)
    {
        foreach (var (fieldId, values) in _bloom)
        {
            var any = false;
            foreach (var value in values)
                if (any = await _parquet.MayContainAsync(reader, file.File, group, fieldId, value, cancellationToken)) break;
            if (!any) return false;
        }
        return true;
    }
}
