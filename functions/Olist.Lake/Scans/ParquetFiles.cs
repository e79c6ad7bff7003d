using System.Globalization;
using Olist.Formats;
using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Lake.Manifests;
using Olist.Lake.Schemas;
using Olist.Storage;

namespace Olist.Lake.Scans;

/// <summary>Opens data and delete files; what is wrong with one comes out with its name.</summary>
sealed class ParquetFiles(TableContext table)
{
    /// <summary>A reader keeps the footer and what was read with it.</summary>
    const int MostKeptBytes = 128 << 10;

    public KeptColumns Kept { get; } = new(table);

    public async ValueTask<ParquetReader> OpenAsync(DataFile file, CancellationToken cancellationToken)
    {
        if (!string.Equals(file.Format, "parquet", StringComparison.OrdinalIgnoreCase))
            throw new UnsupportedFormatException($"Table {table.Name}: file {file.Path} is of format {file.Format}; supported is PARQUET. Rewrite it with the engine that wrote it.");
        // Files never change, so neither do their footers, which each look-up wants.
        return await table.Cache.GetAsync(file.Path + "#footer", () => GuardAsync(file, async () =>
        {
            var reader = await ParquetReader.OpenAsync(new ObjectRangeReader(table.Store, table.Files.Locations.KeyOf(file.Path), file.FileBytes), cancellationToken);
            return reader.RowCount == file.RecordCount
                ? reader
                : throw table.Files.Contradiction(file.Path, $"has {reader.RowCount} rows, but its manifest says {file.RecordCount}");
        }), reader => Weigh(reader, file));
    }

    /// <summary>Measured: some 20 KB for a file of one row group and eleven columns. More than its bytes, as each column of each row group is a handful of objects.</summary>
    static long Weigh(ParquetReader reader, DataFile file) =>
        Math.Min(file.FileBytes, MostKeptBytes) + 3_000 + (reader.Columns.Count * (600L + (1_000L * reader.RowGroupCount)));

    public ValueTask<RowBatch> ReadAsync(ParquetReader reader, DataFile file, int rowGroup, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellationToken) =>
        GuardAsync(file, () => reader.ReadRowGroupAsync(rowGroup, columns, cancellationToken));

    /// <summary>Only some rows of the group.</summary>
    public ValueTask<RowBatch> ReadAsync(ParquetReader reader, DataFile file, int rowGroup, IReadOnlyList<ColumnSchema> columns, RowRanges rows, CancellationToken cancellationToken) =>
        GuardAsync(file, () => reader.ReadRowGroupAsync(rowGroup, columns, rows, cancellationToken));

    /// <summary>Rows of pages that can match, as far as the file has a page index.</summary>
    public ValueTask<RowRanges> FindRowsAsync(ParquetReader reader, DataFile file, int rowGroup, ColumnSchema column, Func<ParquetPageStatistics, bool> mayMatch, CancellationToken cancellationToken) =>
        GuardAsync(file, () => reader.FindRowsAsync(rowGroup, column, mayMatch, cancellationToken));

    /// <summary>The bloom filter of a column, kept for the next look-up; null where there is none.</summary>
    public async ValueTask<ParquetBloomFilter?> FindBloomFilterAsync(ParquetReader reader, DataFile file, int rowGroup, ColumnSchema column, CancellationToken cancellationToken) =>
        (await table.Cache.GetAsync(string.Create(CultureInfo.InvariantCulture, $"{file.Path}#bloom-{rowGroup}-{column.FieldId}-{column.Type}"),
            () => GuardAsync(file, async () => new Found(await reader.ReadBloomFilterAsync(rowGroup, column, cancellationToken))), found => found.Filter?.Bytes ?? 0)).Filter;

    /// <summary>What is made of columns of a row group is kept under this.</summary>
    public static string NameOfColumns(DataFile file, int rowGroup, ColumnSchema[] columns) =>
        string.Create(CultureInfo.InvariantCulture, $"{file.Path}#{rowGroup}-{string.Join('-', columns.Select(column => $"{column.FieldId}:{column.Type}"))}");

    sealed record Found(ParquetBloomFilter? Filter);

    /// <summary>The whole file as one batch.</summary>
    public async ValueTask<RowBatch> ReadAllAsync(DataFile file, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellationToken)
    {
        var reader = await OpenAsync(file, cancellationToken);
        var groups = new List<RowBatch>(reader.RowGroupCount);
        for (var i = 0; i < reader.RowGroupCount; i++) groups.Add(await ReadAsync(reader, file, i, columns, cancellationToken));
        return RowBatch.Concat(columns, groups);
    }

    async ValueTask<T> GuardAsync<T>(DataFile file, Func<ValueTask<T>> read)
    {
        try
        {
            return await read();
        }
        catch (ObjectNotFoundException e)
        {
            throw table.Files.Missing(file.Path, e);
        }
        catch (Exception e) when (e is FormatViolationException or EndOfStreamException)
        {
            throw table.Files.Damaged(file.Path, e);
        }
    }
}
