using System.Runtime.CompilerServices;
using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Lake.Metadata;

namespace Olist.Lake.Scans;

/// <summary>Reads live rows of files, row group by row group, some ahead of the consumer; memory is bounded by row groups, not by the table.</summary>
sealed class TableScan(TableContext table, TableMetadata metadata, TableSchema schema)
{
    readonly ParquetFiles _parquet = new(table);

    readonly record struct Piece(LiveFile File, ParquetReader Reader, int RowGroup, long FirstRow);

    /// <summary>All live rows of a snapshot that match.</summary>
    public async IAsyncEnumerable<RowBatch> ReadAsync(LakeSnapshot? snapshot, IReadOnlyList<string>? names, IReadOnlyList<ColumnRange> where, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var columns = schema.Select(names, table.Name);
        var filter = new RowFilter(schema, where, table.Name);
        var pruner = filter.Pruner(metadata);
        var files = await SnapshotFiles.LoadAsync(table, metadata, snapshot, pruner, cancellationToken);
        var deletes = await DeleteFilter.LoadAsync(table, metadata, schema, files.Data, files.Deletes, cancellationToken);
        await foreach (var batch in ReadFilesAsync(files.Data, deletes, columns, filter, pruner, cancellationToken)) yield return batch;
    }

    public IAsyncEnumerable<RowBatch> ReadFilesAsync(IReadOnlyList<LiveFile> files, DeleteFilter deletes, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellationToken) =>
        ReadFilesAsync(files, deletes, columns, new RowFilter(schema, [], table.Name), FilePruner.None(metadata), cancellationToken);

    async IAsyncEnumerable<RowBatch> ReadFilesAsync(IReadOnlyList<LiveFile> files, DeleteFilter deletes, IReadOnlyList<ColumnSchema> columns, RowFilter filter, FilePruner pruner,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ahead = table.Options.Parallelism;
        var opened = Ahead.SelectAsync(files, async (file, token) => (file, reader: await _parquet.OpenAsync(file.File, token)), ahead, cancellationToken);
        await foreach (var batch in Ahead.SelectAsync(PiecesOf(opened, pruner, cancellationToken), (piece, token) => ReadPieceAsync(piece, deletes, columns, filter, token), ahead, cancellationToken))
            if (batch.RowCount > 0) yield return batch;
    }

    static async IAsyncEnumerable<Piece> PiecesOf(IAsyncEnumerable<(LiveFile File, ParquetReader Reader)> opened, FilePruner pruner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (file, reader) in opened.WithCancellation(cancellationToken))
        {
            long firstRow = 0;
            for (var group = 0; group < reader.RowGroupCount; firstRow += reader.RowsIn(group), group++)
                if (pruner.MayMatch(reader, group)) yield return new Piece(file, reader, group, firstRow);
        }
    }

    async ValueTask<RowBatch> ReadPieceAsync(Piece piece, DeleteFilter deletes, IReadOnlyList<ColumnSchema> columns, RowFilter filter, CancellationToken cancellationToken)
    {
        var extra = deletes.NeededFor(piece.File).Concat(filter.Columns).Where(column => columns.All(asked => asked.FieldId != column.FieldId)).DistinctBy(column => column.FieldId).ToArray();
        IReadOnlyList<ColumnSchema> needed = extra.Length == 0 ? columns : [.. columns, .. extra];
        var batch = await _parquet.ReadAsync(piece.Reader, piece.File.File, piece.RowGroup, needed, cancellationToken);
        if (deletes.LiveRows(piece.File, piece.FirstRow, batch) is { } live) batch = batch.Gather(live);
        if (filter.Matching(batch) is { } matching) batch = batch.Gather(matching);
        return extra.Length == 0 ? batch : new RowBatch(columns, [.. batch.Columns.Take(columns.Count)], batch.RowCount);
    }
}
