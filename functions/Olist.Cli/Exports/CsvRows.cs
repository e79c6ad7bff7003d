using System.Text;
using Olist.Formats.Columns;

namespace Olist.Cli.Exports;

/// <summary>RFC 4180 with a header line; null is an empty field, an empty text is <c>""</c>; a struct, list or map is JSON.</summary>
sealed class CsvRows(IReadOnlyList<ColumnSchema> columns) : IRowFormat
{
    public string? Header { get; } = string.Join(',', columns.Select(column => column.Name));

    public void Append(StringBuilder line, RowBatch batch, int row)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (i > 0) line.Append(',');
            if (batch.Columns[i].IsNull(row)) continue;
            var text = TextRows.ValueOf(columns[i], batch.Columns[i], row);
            if (text.Length > 0 && text.AsSpan().IndexOfAny(",\"\r\n") < 0) line.Append(text);
            else line.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
    }
}
