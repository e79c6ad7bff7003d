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
    public static async Task<long> WriteAsync(LakeTable table, ScanRequest version, string path, FileFormat format, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var unfinished = $"{full}.{Environment.ProcessId}.tmp";
        long rows = 0;
        var columns = table.SchemaOf(version).Columns; // of its time, where that is an older version
        try
        {
            await using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                rows = format switch
                {
                    FileFormat.Parquet => await WriteParquetAsync(table, version, columns, file, cancellationToken),
                    FileFormat.Csv => await TextRows.WriteAsync(table, version, file, new CsvRows(columns), cancellationToken),
                    _ => await TextRows.WriteAsync(table, version, file, new JsonRows(columns), cancellationToken),
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

    static async Task<long> WriteParquetAsync(LakeTable table, ScanRequest version, IReadOnlyList<ColumnSchema> columns, FileStream file, CancellationToken cancellationToken)
    {
        await using var writer = new ParquetWriter(file, columns);
        await foreach (var batch in table.ScanAsync(version, cancellationToken)) await writer.WriteAsync(batch, cancellationToken);
        return (await writer.CompleteAsync(cancellationToken)).RowCount;
    }
}
