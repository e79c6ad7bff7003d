using Olist.Formats.Columns;
using Olist.Lake.Manifests;
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
            return (column, ColumnRange.ToValue(column.Type, range.AtLeast, column.Name), ColumnRange.ToValue(column.Type, range.AtMost, column.Name));
        }).ToArray();
    }

    public IEnumerable<ColumnSchema> Columns => _ranges.Select(range => range.Column);

    public FilePruner Pruner(Metadata.TableMetadata metadata) => new(metadata, _ranges
        .Where(range => range.Column.Type.Kind is not (TypeKind.Float or TypeKind.Double)).GroupBy(range => range.Column.FieldId)
        .ToDictionary(group => group.Key, group => ValueSet.Range(group.First().Column.Type, group.First().Lower, group.First().Upper)));

    /// <summary>Whether every row of the file surely matches, by its partition and its bounds. False when in doubt.</summary>
    public bool MatchesAll(DataFile file, PartitionSpec spec) => _ranges.All(range =>
    {
        bool Contains(byte[]? least, byte[]? most) => least is not null && most is not null
            && (range.Lower is null || SingleValue.Compare(range.Column.Type, least, range.Lower) >= 0) && (range.Upper is null || SingleValue.Compare(range.Column.Type, most, range.Upper) <= 0);
        var (id, kind) = (range.Column.FieldId, range.Column.Type.Kind);
        if (kind is TypeKind.Float or TypeKind.Double) return false; // not-a-number is in no bound
        for (var i = 0; i < spec.Fields.Count; i++)
            if (spec.Fields[i].SourceId == id && spec.Fields[i].Transform is IdentityTransform && Contains(file.Partition.Values[i], file.Partition.Values[i])) return true;
        return file.NullCounts is not null && file.NullCounts.TryGetValue(id, out var nulls) && nulls == 0 && Contains(file.LowerBounds?.GetValueOrDefault(id), file.UpperBounds?.GetValueOrDefault(id));
    });

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
