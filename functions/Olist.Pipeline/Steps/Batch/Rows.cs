using Olist.Formats.Columns;

namespace Olist.Pipeline.Steps.Batch;

/// <summary>Row selections that several steps make.</summary>
public static class Rows
{
    /// <summary>The first row of each key.</summary>
    public static int[] Distinct(params Column[] key) => new KeyIndex(key).Group().FirstRowOfGroup;

    /// <summary>For each key the row that entered its topic last. Records of one key share a partition, so their offsets tell.</summary>
    public static int[] Latest(ValueColumn<long> offsets, params Column[] key)
    {
        var (groups, latest) = new KeyIndex(key).Group();
        for (var row = 0; row < groups.Length; row++)
        {
            ref var best = ref latest[groups[row]];
            if (offsets[row] > offsets[best]) best = row;
        }
        return latest;
    }

    /// <summary>Numbers of the rows that <paramref name="condition"/> holds for.</summary>
    public static int[] Where(int count, Func<int, bool> condition)
    {
        var rows = new List<int>(count);
        for (var row = 0; row < count; row++)
            if (condition(row)) rows.Add(row);
        return [.. rows];
    }

    /// <summary>Rows of a table, its columns given by name in any order.</summary>
    public static RowBatch Of(IReadOnlyList<ColumnSchema> schema, params IReadOnlyList<(string Name, Column Values)> columns)
    {
        var byName = columns.ToDictionary(column => column.Name, column => column.Values);
        return new RowBatch(schema, [.. schema.Select(column => byName[column.Name])], columns[0].Values.Count);
    }

    /// <summary>Only the rows where none of the named columns is null.</summary>
    public static RowBatch WithAll(RowBatch rows, params IReadOnlyList<string> names)
    {
        var nullable = names.Select(name => rows[name]).Where(column => column.Validity is not null).ToArray();
        if (nullable.Length == 0) return rows;
        var kept = Where(rows.RowCount, row => !Array.Exists(nullable, column => column.IsNull(row)));
        return kept.Length == rows.RowCount ? rows : rows.Gather(kept);
    }

    /// <summary>A column that has the same text in every row.</summary>
    public static BytesColumn Constant(string text, int count) => new(BytesColumn.Of(text), new int[count], count);

    /// <summary>A one-column batch of the distinct values that are not null: keys for a look-up.</summary>
    public static RowBatch DistinctKeys(string name, params IReadOnlyList<Column> parts)
    {
        var column = Column.Concat(parts);
        var schema = new[] { new ColumnSchema(1, name, column.Type) };
        var rows = Array.FindAll(Distinct(column), row => !column.IsNull(row));
        return new RowBatch(schema, [column.Gather(rows)], rows.Length);
    }
}
