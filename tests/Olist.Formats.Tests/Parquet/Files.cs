using Olist.Formats.Columns;
using Olist.Formats.Parquet;

namespace Olist.Formats.Tests.Parquet;

/// <summary>Whole files in memory.</summary>
static class Files
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<(byte[] Bytes, ParquetFileSummary Summary)> WriteAsync(IReadOnlyList<ColumnSchema> schema, IEnumerable<RowBatch> batches, ParquetWriterOptions? options = null)
    {
        using var stream = new MemoryStream();
        await using var writer = new ParquetWriter(stream, schema, options);
        foreach (var batch in batches) await writer.WriteAsync(batch, Token);
        var summary = await writer.CompleteAsync(Token);
        return (stream.ToArray(), summary);
    }

    public static async Task<byte[]> WriteAsync(RowBatch batch, ParquetWriterOptions? options = null) => (await WriteAsync(batch.Schema, [batch], options)).Bytes;

    public static async Task<RowBatch> ReadAsync(byte[] file, IReadOnlyList<ColumnSchema>? columns = null)
    {
        var reader = await ParquetReader.OpenAsync(new MemoryFile(file), Token);
        columns ??= reader.Columns;
        var groups = new List<RowBatch>();
        for (var i = 0; i < reader.RowGroupCount; i++) groups.Add(await reader.ReadRowGroupAsync(i, columns, Token));
        return RowBatch.Concat(columns, groups);
    }
}
