using Olist.Formats.Columns;
using Olist.Lake.Schemas;

namespace Olist.Lake.Scans;

/// <summary>Ranges on columns, checked row by row; pruning has only thinned the files out.</summary>
sealed class RowFilter
{
    readonly (ColumnSchema Column, byte[]? Lower, byte[]? Upper)[] _ranges;

    public RowFilter(TableSchema schema, IReadOnlyList<ColumnRange> ranges, TableName table)
    {
        _ranges = ranges.Select(range =>
        {
            var column = schema.Select([range.Column], table)[0];
            if (column.Type.IsNested) throw new LakeException($"Table {table} can't be filtered by column {column.Name}, which is {column.Type}: only primitive columns have an order.");
            return (column, ColumnRange.ToValue(column.Type, range.AtLeast, column.Name), ColumnRange.ToValue(column.Type, range.AtMost, column.Name));
        }).ToArray();
    }

    public IEnumerable<ColumnSchema> Columns => _ranges.Select(range => range.Column);

    public FilePruner Pruner(Metadata.TableMetadata metadata) => new(metadata, _ranges
        .Where(range => range.Column.Type.Kind is not (TypeKind.Float or TypeKind.Double)).GroupBy(range => range.Column.FieldId)
        .ToDictionary(group => group.Key, group => ValueSet.Range(group.First().Column.Type, group.First().Lower, group.First().Upper)));

    /// <summary>Rows that match, or null when all do.</summary>
    public int[]? Matching(RowBatch batch)
    {
        if (_ranges.Length == 0) return null;
        var matching = new List<int>();
        var columns = _ranges.Select(range => batch[range.Column.Name]).ToArray();
        for (var row = 0; row < batch.RowCount; row++)
            if (Matches(columns, row)) matching.Add(row);
        return matching.Count == batch.RowCount ? null : [.. matching];
    }

    bool Matches(Column[] columns, int row)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            var (_, lower, upper) = _ranges[i];
            if (columns[i].IsNull(row)) return false;
            if (lower is not null && Compare(columns[i], row, lower) < 0) return false;
            if (upper is not null && Compare(columns[i], row, upper) > 0) return false;
        }
        return true;
    }

    static int Compare(Column column, int row, byte[] bound) => column switch
    {
        BytesColumn bytes when column.Type.Kind != TypeKind.Decimal => bytes[row].SequenceCompareTo(bound),
        ValueColumn<long> longs when column.Type.Kind != TypeKind.Decimal => longs.Values[row].CompareTo(SingleValue.ToLong(bound)),
        ValueColumn<int> ints => ((long)ints.Values[row]).CompareTo(SingleValue.ToLong(bound)),
        _ => SingleValue.Compare(column.Type, SingleValue.Of(column, row), bound),
    };
}
