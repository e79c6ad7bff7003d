using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Olist.Formats.Columns;

namespace Olist.Cli.Exports;

/// <summary>One JSON object per line; whole numbers and doubles as numbers, decimals as strings, so that no reader rounds them. Structs are objects, lists are arrays; maps are objects when their keys are text, else arrays of <c>{"key":…,"value":…}</c>.</summary>
sealed class JsonRows(IReadOnlyList<ColumnSchema> columns) : IRowFormat
{
    public string? Header => null;

    public void Append(StringBuilder line, RowBatch batch, int row)
    {
        line.Append('{');
        for (var i = 0; i < columns.Count; i++) AppendMember(line, i, columns[i], batch.Columns[i], row);
        line.Append('}');
    }

    /// <summary>A value of any type as JSON.</summary>
    public static void AppendValue(StringBuilder line, ColumnSchema schema, Column column, int row)
    {
        if (column.IsNull(row)) line.Append("null");
        else if (column is StructColumn fields)
        {
            line.Append('{');
            for (var i = 0; i < fields.Fields.Count; i++) AppendMember(line, i, schema.Type.Children[i], fields.Fields[i], row);
            line.Append('}');
        }
        else if (column is ListColumn list) AppendList(line, schema, list, row);
        else if (column is MapColumn map) AppendMap(line, schema, map, row);
        else AppendPrimitive(line, schema, TextRows.ValueOf(schema, column, row));
    }

    static void AppendMember(StringBuilder line, int index, ColumnSchema schema, Column column, int row)
    {
        if (index > 0) line.Append(',');
        line.Append('"').Append(JsonEncodedText.Encode(schema.Name)).Append("\":");
        AppendValue(line, schema, column, row);
    }

    static void AppendList(StringBuilder line, ColumnSchema schema, ListColumn list, int row)
    {
        line.Append('[');
        for (var at = list.Offsets[row]; at < list.Offsets[row + 1]; at++)
        {
            if (at > list.Offsets[row]) line.Append(',');
            AppendValue(line, schema.Type.Children[0], list.Elements, at);
        }
        line.Append(']');
    }

    static void AppendMap(StringBuilder line, ColumnSchema schema, MapColumn map, int row)
    {
        var (key, value) = (schema.Type.Children[0], schema.Type.Children[1]);
        var isObject = key.Type.Kind == TypeKind.String;
        line.Append(isObject ? '{' : '[');
        for (var at = map.Offsets[row]; at < map.Offsets[row + 1]; at++)
        {
            if (at > map.Offsets[row]) line.Append(',');
            if (!isObject) line.Append("{\"key\":");
            AppendValue(line, key, map.Keys, at);
            line.Append(isObject ? ":" : ",\"value\":");
            AppendValue(line, value, map.Values, at);
            if (!isObject) line.Append('}');
        }
        line.Append(isObject ? '}' : ']');
    }

    static void AppendPrimitive(StringBuilder line, ColumnSchema column, string text)
    {
        var bare = column.Type.Kind is TypeKind.Boolean or TypeKind.Int or TypeKind.Long
            || (column.Type.Kind is TypeKind.Double or TypeKind.Float && double.IsFinite(double.Parse(text, CultureInfo.InvariantCulture)));
        if (bare) line.Append(text);
        else line.Append('"').Append(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)).Append('"');
    }
}
