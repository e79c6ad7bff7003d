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
        var pieces = new PieceReader(_parquet, deletes, columns, filter);
        var opened = Ahead.SelectAsync(files, async (file, token) => (file, reader: await _parquet.OpenAsync(file.File, token)), ahead, cancellationToken);
        await foreach (var batch in Ahead.SelectAsync(PiecesOf(opened, pruner, cancellationToken), (piece, token) => pieces.ReadAsync(piece.File, piece.Reader, piece.RowGroup, piece.FirstRow, token), ahead, cancellationToken))
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
}
