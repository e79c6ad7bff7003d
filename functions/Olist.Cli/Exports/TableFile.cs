using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Lake;

namespace Olist.Cli.Exports;

enum FileFormat { Parquet, Csv, JsonLines }

/// <summary>Writes the rows of a table to a local file, which appears whole or not at all.</summary>
static class TableFile
{
    public static FileFormat FormatOf(string path) => Path.GetExtension(path) switch
    {
        ".parquet" => FileFormat.Parquet,
        ".csv" => FileFormat.Csv,
        ".jsonl" => FileFormat.JsonLines,
        var other => throw new CommandException($"--out {path}: '{other}' is no known kind of file; end it with .parquet, .csv or .jsonl."),
    };

    /// <returns>Rows written.</returns>
    public static async Task<long> WriteAsync(LakeTable table, long? snapshotId, string path, FileFormat format, CancellationToken cancellationToken)
    {
        if (format == FileFormat.Parquet && table.Columns.FirstOrDefault(column => column.Type.IsNested) is { } nested)
            throw new CommandException($"--out {path}: column {nested.Name} of {table.Name} is {nested.Type}, and nested columns are not written to Parquet; end the file with .jsonl or .csv.");
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var unfinished = $"{full}.{Environment.ProcessId}.tmp";
        long rows = 0;
        try
        {
            await using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                rows = format switch
                {
                    FileFormat.Parquet => await WriteParquetAsync(table, snapshotId, file, cancellationToken),
                    FileFormat.Csv => await TextRows.WriteAsync(table, snapshotId, file, new CsvRows(table.Columns), cancellationToken),
                    _ => await TextRows.WriteAsync(table, snapshotId, file, new JsonRows(table.Columns), cancellationToken),
                };
            }
            File.Move(unfinished, full, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
        return rows;
    }

    static async Task<long> WriteParquetAsync(LakeTable table, long? snapshotId, FileStream file, CancellationToken cancellationToken)
    {
        await using var writer = new ParquetWriter(file, table.Columns);
        if (snapshotId is not null)
            await foreach (var batch in table.ScanAsync(snapshotId, null, cancellationToken))
                await writer.WriteAsync(batch, cancellationToken);
        return (await writer.CompleteAsync(cancellationToken)).RowCount;
    }
}
