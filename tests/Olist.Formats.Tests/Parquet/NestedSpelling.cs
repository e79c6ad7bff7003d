using System.Text.Json.Nodes;
using Olist.Formats.Columns;

namespace Olist.Formats.Tests.Parquet;

/// <summary>Values of any depth as the scripts of tests/readers spell them: lists as arrays, structs as objects, maps as arrays of pairs, leaves as <see cref="BatchAssert.Value"/>.</summary>
static class NestedSpelling
{
    /// <summary>As JSON text.</summary>
    public static string Of(Column column, int row) => column.IsNull(row) && column.Type.IsNested ? "\"null\"" : Node(column, row)?.ToJsonString() ?? "\"null\"";

    static JsonNode? Node(Column column, int row)
    {
        if (column.IsNull(row)) return null;
        switch (column)
        {
            case StructColumn fields:
                return new JsonObject(column.Type.Children.Select((child, i) => KeyValuePair.Create(child.Name, Node(fields.Fields[i], row))));
            case ListColumn list:
                return new JsonArray([.. Entries(list, row).Select(at => Node(list.Elements, at))]);
            case MapColumn map:
                return new JsonArray([.. Entries(map, row).Select(at => (JsonNode?)new JsonArray(Node(map.Keys, at), Node(map.Values, at)))]);
            default:
                return column is ValueColumn<float> floats && float.IsNaN(floats[row]) || column is ValueColumn<double> doubles && double.IsNaN(doubles[row]) ? "nan" : BatchAssert.Value(column, row);
        }
    }

    static IEnumerable<int> Entries(RepeatedColumn column, int row) => Enumerable.Range(column.Offsets[row], column.LengthOf(row));
}
