using System.Buffers;
using Olist.Formats.Columns;
using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Lake.Partitioning;
using Olist.Lake.Schemas;

namespace Olist.Lake.Scans;

/// <summary>Conditions on columns, all of which must hold: by bounds for files, row groups and pages, and then row by row.</summary>
sealed class RowFilter
{
    readonly ColumnCondition[] _conditions;

    public RowFilter(TableSchema schema, IReadOnlyList<ColumnRange> ranges, TableName table)
    {
        _conditions = [.. ranges.Select(range => new ColumnCondition(schema.Select([range.Column], table)[0], range))];
        Columns = [.. _conditions.Select(condition => condition.Column).DistinctBy(column => column.FieldId)];
        Wanted = _conditions.Where(condition => condition.Wanted is not null).GroupBy(condition => condition.Column.FieldId)
            // Of several on one column the one with single points says most.
            .ToDictionary(group => group.Key, group => group.Select(condition => condition.Wanted!).OrderBy(set => set.Points?.Count ?? int.MaxValue).First());
    }

    /// <summary>Each once.</summary>
    public IReadOnlyList<ColumnSchema> Columns { get; }

    public bool IsEmpty => _conditions.Length == 0;

    /// <summary>By field id, for pruning; not all conditions have one.</summary>
    public IReadOnlyDictionary<int, ValueSet> Wanted { get; }

    public FilePruner Pruner(TableMetadata metadata) => new(metadata, Wanted);

    /// <summary>Whether every row of the file surely matches, by its partition and its bounds. False when in doubt.</summary>
    public bool MatchesAll(DataFile file, PartitionSpec spec) => _conditions.All(condition =>
    {
        var id = condition.Column.FieldId;
        for (var i = 0; i < spec.Fields.Count; i++)
            if (spec.Fields[i].SourceId == id && spec.Fields[i].Transform is IdentityTransform && condition.ContainsAll(file.Partition.Values[i], file.Partition.Values[i])) return true;
        return file.NullCounts is not null && file.NullCounts.TryGetValue(id, out var nulls) && nulls == 0 && condition.ContainsAll(file.LowerBounds?.GetValueOrDefault(id), file.UpperBounds?.GetValueOrDefault(id));
    });

    /// <summary>Rows that match, or null when all do.</summary>
    public int[]? Matching(RowBatch batch)
    {
        if (IsEmpty) return null;
        var rented = ArrayPool<byte>.Shared.Rent(batch.RowCount);
        try
        {
            var flags = rented.AsSpan(0, batch.RowCount);
            flags.Fill(1);
            foreach (var condition in _conditions) condition.Restrict(batch[condition.Column.Name], flags);
            var count = flags.Count((byte)1);
            if (count == flags.Length) return null;
            var matching = new int[count];
            var filled = 0;
            for (var row = 0; row < flags.Length; row++)
                if (flags[row] != 0) matching[filled++] = row;
            return matching;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
