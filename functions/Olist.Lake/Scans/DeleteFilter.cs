using System.Text;
using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Lake.Manifests;
using Olist.Lake.Metadata;

namespace Olist.Lake.Scans;

/// <summary>Which rows of which data files are deleted in a snapshot. Immutable once loaded.</summary>
/// <remarks>
/// A position delete applies to data of the same or an older sequence number, an equality delete only to older data; both only within their partition, except that an equality
/// delete of an unpartitioned spec applies everywhere.
/// </remarks>
sealed class DeleteFilter
{
    readonly Dictionary<string, DeletedRows> _positions = new(StringComparer.Ordinal);
    readonly List<EqualityDelete> _equality = [];

    sealed record EqualityDelete(LiveFile File, bool IsGlobal, IReadOnlyList<ColumnSchema> Columns, KeyIndex Index);

    public static DeleteFilter None { get; } = new();

    /// <param name="data">The files that will be read; deletes of others are not loaded.</param>
    /// <param name="deletes">All delete files of the snapshot.</param>
    public static async ValueTask<DeleteFilter> LoadAsync(TableContext table, TableMetadata metadata, TableSchema schema, IReadOnlyList<LiveFile> data, IReadOnlyList<LiveFile> deletes, CancellationToken cancellationToken)
    {
        if (deletes.Count == 0 || data.Count == 0) return None;
        var filter = new DeleteFilter();
        var parquet = new ParquetFiles(table);
        var byPath = data.ToDictionary(file => file.File.Path, StringComparer.Ordinal);
        await filter.LoadPositionsAsync(table, byPath, deletes, cancellationToken);
        var oldest = data.Min(file => file.Sequence);
        foreach (var delete in deletes)
            if (delete.File.Content == FileContent.EqualityDeletes && delete.Sequence > oldest)
                filter._equality.Add(await LoadEqualityAsync(table, parquet, metadata, schema, delete, cancellationToken));
        return filter;
    }

    async ValueTask LoadPositionsAsync(TableContext table, Dictionary<string, LiveFile> byPath, IReadOnlyList<LiveFile> deletes, CancellationToken cancellationToken)
    {
        var paths = byPath.Keys.ToArray();
        Array.Sort(paths, StringComparer.Ordinal);
        var wanted = deletes.Where(delete => delete.File.Content == FileContent.PositionDeletes && MayBeAbout(delete.File, paths)).ToArray();
        var loaded = await Ahead.ToListAsync(wanted, delete => PositionDeleteFile.Find(table, delete.File), (delete, token) => PositionDeleteFile.LoadAsync(table, delete.File, token), table.Options.Parallelism, cancellationToken);
        foreach (var (delete, rows) in wanted.Zip(loaded))
            foreach (var (path, positions) in rows.ByPath)
            {
                if (!byPath.TryGetValue(path, out var data) || data.Sequence > delete.Sequence || data.SpecId != delete.SpecId || !data.Partition.Equals(delete.Partition)) continue;
                if (!_positions.TryGetValue(path, out var deleted)) _positions[path] = deleted = new DeletedRows(data.File.RecordCount);
                deleted.Add(positions);
            }
    }

    /// <summary>The same, and these rows as well.</summary>
    /// <param name="data">Has the files that they lie in.</param>
    public DeleteFilter With(RowPositions removed, IReadOnlyList<LiveFile> data)
    {
        var filter = new DeleteFilter();
        filter._equality.AddRange(_equality);
        foreach (var (path, deleted) in _positions) filter._positions[path] = deleted;
        var byPath = data.ToDictionary(file => file.File.Path, StringComparer.Ordinal);
        foreach (var rows in Enumerable.Range(0, removed.Count).GroupBy(row => removed.Files[removed.FileOf[row]].Path, row => removed.Rows[row]))
        {
            var deleted = new DeletedRows(byPath[rows.Key].File.RecordCount, _positions.GetValueOrDefault(rows.Key));
            deleted.Add([.. rows]);
            filter._positions[rows.Key] = deleted;
        }
        return filter;
    }

    static bool MayBeAbout(DataFile delete, string[] sortedPaths)
    {
        if (delete.ReferencedDataFile is { } only) return Array.BinarySearch(sortedPaths, only, StringComparer.Ordinal) >= 0;
        if (delete.LowerBounds?.GetValueOrDefault(PositionDeletes.PathId) is not { } lower || delete.UpperBounds?.GetValueOrDefault(PositionDeletes.PathId) is not { } upper) return true;
        // Bounds are ordered as UTF-8 and .NET as UTF-16: the same within ASCII only.
        if (!Ascii.IsValid(lower) || !Ascii.IsValid(upper)) return true;
        var first = Array.BinarySearch(sortedPaths, Encoding.ASCII.GetString(lower), StringComparer.Ordinal);
        if (first < 0) first = ~first;
        return first < sortedPaths.Length && string.CompareOrdinal(sortedPaths[first], Encoding.ASCII.GetString(upper)) <= 0;
    }

    static async ValueTask<EqualityDelete> LoadEqualityAsync(TableContext table, ParquetFiles parquet, TableMetadata metadata, TableSchema schema, LiveFile delete, CancellationToken cancellationToken)
    {
        var columns = (delete.File.EqualityIds ?? []).Select(id => schema.FindColumn(id) ?? metadata.Schemas.Reverse().Select(old => old.FindColumn(id)).FirstOrDefault(column => column is not null)
            ?? throw table.Files.Contradiction(delete.File.Path, $"deletes by field {id}, which no schema has as a primitive column")).Select(column => Apart(column, schema)).ToArray();
        if (columns.Length == 0) throw table.Files.Contradiction(delete.File.Path, "is an equality delete file without equality_ids");
        var rows = await parquet.ReadAllAsync(delete.File, columns, cancellationToken);
        return new EqualityDelete(delete, metadata.GetSpec(delete.SpecId).IsUnpartitioned, columns, new KeyIndex([.. rows.Columns]));
    }

    /// <summary>A column that is no longer in the schema may share its name with one that is.</summary>
    static ColumnSchema Apart(ColumnSchema column, TableSchema schema) =>
        column with { Required = false, Name = schema.FindColumn(column.Name) is { } other && other.FieldId != column.FieldId ? $"{column.Name}#{column.FieldId}" : column.Name };

    /// <summary>Columns that must be read from the file beside those asked for.</summary>
    public IReadOnlyList<ColumnSchema> NeededFor(LiveFile data) => _equality.Count == 0 ? [] : [.. Applicable(data).SelectMany(delete => delete.Columns).DistinctBy(column => column.FieldId)];

    IEnumerable<EqualityDelete> Applicable(LiveFile data) => _equality.Where(delete =>
        data.Sequence < delete.File.Sequence && (delete.IsGlobal || (delete.File.SpecId == data.SpecId && delete.File.Partition.Equals(data.Partition))));

    /// <summary>Whether position deletes take at least this share of the file's rows.</summary>
    public bool AreDeleted(LiveFile data, double share) =>
        _positions.TryGetValue(data.File.Path, out var deleted) ? deleted.AreAtLeast(share * data.File.RecordCount) : share * data.File.RecordCount <= 0;

    public bool HasDeletes(LiveFile data) => _positions.ContainsKey(data.File.Path) || Applicable(data).Any();

    /// <summary>Rows of a batch that are not deleted, or null when all are live.</summary>
    /// <param name="firstRow">Position of the batch's first row in the file.</param>
    /// <param name="batch">Has the columns of <see cref="NeededFor"/>, found by field id.</param>
    public int[]? LiveRows(LiveFile data, long firstRow, RowBatch batch) => LiveRows(data, firstRow, RowRanges.All(batch.RowCount), batch);

    /// <summary>The same of a batch that has only some rows of the file.</summary>
    /// <param name="firstRow">Position in the file that <paramref name="rows"/> count from.</param>
    /// <param name="rows">Those of the batch.</param>
    /// <param name="batch">As above.</param>
    public int[]? LiveRows(LiveFile data, long firstRow, RowRanges rows, RowBatch batch)
    {
        var deleted = _positions.GetValueOrDefault(data.File.Path)?.Among(firstRow, rows);
        if (_equality.Count > 0)
            foreach (var delete in Applicable(data))
            {
                var found = delete.Index.FindAll(delete.Columns.Select(column => ColumnOf(batch, column.FieldId)).ToArray());
                for (var row = 0; row < found.Length; row++)
                    if (found[row] >= 0) BatchRows.Set(ref deleted, batch.RowCount, row);
            }
        return deleted is null ? null : BatchRows.Others(deleted, batch.RowCount);
    }

    static Column ColumnOf(RowBatch batch, int fieldId)
    {
        for (var i = 0; i < batch.Schema.Count; i++)
            if (batch.Schema[i].FieldId == fieldId) return batch.Columns[i];
        throw new InvalidOperationException($"Column {fieldId} was not read."); // NeededFor said so
    }
}
