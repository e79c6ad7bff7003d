using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Lake.Schemas;

namespace Olist.Lake.Scans;

/// <summary>Reads what a filter leaves of one row group: by the page index the rows that can match, of these the columns of the filter, and only of the rows that do match the others.</summary>
sealed class PieceReader(ParquetFiles parquet, DeleteFilter deletes, IReadOnlyList<ColumnSchema> columns, RowFilter filter)
{
    /// <summary>Live rows in the columns asked for.</summary>
    /// <param name="firstRow">Position of the group's first row in the file.</param>
    public async ValueTask<RowBatch> ReadAsync(LiveFile file, ParquetReader reader, int group, long firstRow, CancellationToken cancellationToken)
    {
        var extra = deletes.NeededFor(file).Where(column => columns.All(asked => asked.FieldId != column.FieldId)).DistinctBy(column => column.FieldId);
        ColumnSchema[] needed = [.. columns, .. extra];
        if (filter.IsEmpty)
        {
            var all = parquet.Kept.FindAll(file.File, group, needed, (int)reader.RowsIn(group)) ?? await parquet.ReadAsync(reader, file.File, group, needed, cancellationToken);
            return Finish(deletes.LiveRows(file, firstRow, all) is { } live ? all.Gather(live) : all);
        }
        var rows = await FindCandidatesAsync(file, reader, group, cancellationToken);
        if (rows.Count == 0) return RowBatch.Empty(columns);
        var first = await parquet.ReadAsync(reader, file.File, group, filter.Columns, rows, cancellationToken);
        if (filter.Matching(first) is { } matching)
        {
            if (matching.Length == 0) return RowBatch.Empty(columns);
            rows = RowRanges.OfRows(rows.RowsAt(matching));
            first = first.Gather(matching);
        }
        var batch = Join(needed, first, await ReadOthersAsync(file, reader, group, needed, rows, cancellationToken));
        return Finish(deletes.LiveRows(file, firstRow, rows, batch) is { } undeleted ? batch.Gather(undeleted) : batch);
    }

    async ValueTask<RowRanges> FindCandidatesAsync(LiveFile file, ParquetReader reader, int group, CancellationToken cancellationToken)
    {
        var rows = RowRanges.All((int)reader.RowsIn(group));
        foreach (var column in filter.Columns)
        {
            if (rows.Count == 0) break;
            if (!filter.Wanted.TryGetValue(column.FieldId, out var wanted)) continue;
            rows = rows.Intersect(await parquet.FindRowsAsync(reader, file.File, group, column, page => MayMatch(page, wanted), cancellationToken));
        }
        return rows;
    }

    static bool MayMatch(ParquetPageStatistics page, ValueSet wanted)
    {
        if (wanted.IncludesNull && page.NullCount != 0) return true;
        if (page.IsAllNull) return false;
        return wanted.Intersects(FilePruner.Bound(page.Type, page.Min), FilePruner.Bound(page.Type, page.Max));
    }

    async ValueTask<RowBatch?> ReadOthersAsync(LiveFile file, ParquetReader reader, int group, ColumnSchema[] needed, RowRanges rows, CancellationToken cancellationToken)
    {
        ColumnSchema[] others = [.. needed.Where(column => filter.Columns.All(read => read.FieldId != column.FieldId))];
        return others.Length == 0 ? null : await parquet.ReadAsync(reader, file.File, group, others, rows, cancellationToken);
    }

    static RowBatch Join(ColumnSchema[] needed, RowBatch first, RowBatch? others)
    {
        var joined = new Column[needed.Length];
        for (var i = 0; i < joined.Length; i++) joined[i] = Find(first, needed[i].FieldId) ?? Find(others!, needed[i].FieldId)!; // what is not in the first was read as others
        return new RowBatch(needed, joined, first.RowCount);
    }

    static Column? Find(RowBatch batch, int fieldId)
    {
        for (var i = 0; i < batch.Schema.Count; i++)
            if (batch.Schema[i].FieldId == fieldId) return batch.Columns[i];
        return null;
    }

    RowBatch Finish(RowBatch batch) => batch.Columns.Count == columns.Count ? batch : new RowBatch(columns, [.. batch.Columns.Take(columns.Count)], batch.RowCount);
}
