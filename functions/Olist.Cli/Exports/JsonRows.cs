using System.Text;
using System.Text.Json;
using Olist.Formats.Columns;

namespace Olist.Cli.Exports;

/// <summary>One JSON object per line; whole numbers and doubles as numbers, decimals as strings, so that no reader rounds them.</summary>
sealed class JsonRows(IReadOnlyList<ColumnSchema> columns) : IRowFormat
{
    public string? Header => null;

    public void Append(StringBuilder line, RowBatch batch, int row)
    {
        line.Append('{');
        for (var i = 0; i < columns.Count; i++)
        {
            if (i > 0) line.Append(',');
            line.Append('"').Append(JsonEncodedText.Encode(columns[i].Name)).Append("\":");
            if (batch.Columns[i].IsNull(row)) line.Append("null");
            else AppendValue(line, columns[i], TextRows.ValueOf(columns[i], batch.Columns[i], row));
        }
        line.Append('}');
    }

    static void AppendValue(StringBuilder line, ColumnSchema column, string text)
    {
        var bare = column.Type.Kind is TypeKind.Boolean or TypeKind.Int or TypeKind.Long
            || (column.Type.Kind is TypeKind.Double or TypeKind.Float && double.IsFinite(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)));
        if (bare) line.Append(text);
        else line.Append('"').Append(JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)).Append('"');
    }
}
