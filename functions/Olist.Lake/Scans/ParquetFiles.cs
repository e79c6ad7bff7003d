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
    public async ValueTask<ParquetReader> OpenAsync(DataFile file, CancellationToken cancellationToken)
    {
        if (!string.Equals(file.Format, "parquet", StringComparison.OrdinalIgnoreCase))
            throw new UnsupportedFormatException($"Table {table.Name}: file {file.Path} is of format {file.Format}; supported is PARQUET. Rewrite it with the engine that wrote it.");
        return await GuardAsync(file, async () =>
        {
            var reader = await ParquetReader.OpenAsync(new ObjectRangeReader(table.Store, table.Files.Locations.KeyOf(file.Path), file.FileBytes), cancellationToken);
            return reader.RowCount == file.RecordCount
                ? reader
                : throw table.Files.Contradiction(file.Path, $"has {reader.RowCount} rows, but its manifest says {file.RecordCount}");
        });
    }

    public ValueTask<RowBatch> ReadAsync(ParquetReader reader, DataFile file, int rowGroup, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellationToken) =>
        GuardAsync(file, () => reader.ReadRowGroupAsync(rowGroup, columns, cancellationToken));

    public ValueTask<bool> MayContainAsync(ParquetReader reader, DataFile file, int rowGroup, int fieldId, ReadOnlyMemory<byte> plain, CancellationToken cancellationToken) =>
        // A filter holds values as the file has them: 4 bytes where the column was widened to long since.
        AsStored(reader, fieldId, plain) is { } stored
            ? GuardAsync(file, () => reader.MayContainAsync(rowGroup, fieldId, stored, cancellationToken))
            : new ValueTask<bool>(false);

    static ReadOnlyMemory<byte>? AsStored(ParquetReader reader, int fieldId, ReadOnlyMemory<byte> plain)
    {
        if (plain.Length != sizeof(long) || !reader.Columns.Any(column => column.FieldId == fieldId && column.Type.Kind == TypeKind.Int)) return plain;
        var value = SingleValue.ToLong(plain.Span);
        if (value is < int.MinValue or > int.MaxValue) return null;
        return SingleValue.Int((int)value);
    }

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
