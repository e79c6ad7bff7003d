namespace Olist.Formats.Columns;

/// <summary>Rows of a table, column by column: what readers give, writers take and steps compute on.</summary>
public sealed class RowBatch
{
    // Made at the first look-up: many small batches are only gone through by position.
    Dictionary<string, int>? _byName;

    /// <exception cref="ArgumentException">The columns do not fit the schema or each other.</exception>
    public RowBatch(IReadOnlyList<ColumnSchema> schema, IReadOnlyList<Column> columns, int rowCount)
    {
        if (schema.Count != columns.Count)
            throw new ArgumentException($"{schema.Count} column schemas, but {columns.Count} columns.", nameof(columns));
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].Count != rowCount)
                throw new ArgumentException($"Column {schema[i].Name} has {columns[i].Count} rows, the batch {rowCount}.", nameof(columns));
            if (columns[i].Type.Storage != schema[i].Type.Storage)
                throw new ArgumentException($"Column {schema[i].Name} is {schema[i].Type}, but holds {columns[i].Type}.", nameof(columns));
        }
        Schema = schema;
        Columns = columns;
        RowCount = rowCount;
    }

    public IReadOnlyList<ColumnSchema> Schema { get; }
    public IReadOnlyList<Column> Columns { get; }
    public int RowCount { get; }

    public Column this[string name] => Columns[IndexOf(name)];

    Dictionary<string, int> ByName => _byName ??= IndexNames();

    Dictionary<string, int> IndexNames()
    {
        var byName = new Dictionary<string, int>(Schema.Count, StringComparer.Ordinal);
        for (var i = 0; i < Schema.Count; i++) byName.Add(Schema[i].Name, i);
        return byName;
    }

    /// <exception cref="ArgumentException">There is no such column, or two columns of the batch have one name.</exception>
    public int IndexOf(string name) => ByName.TryGetValue(name, out var index)
        ? index
        : throw new ArgumentException($"No column {name} among {string.Join(", ", Schema.Select(column => column.Name))}.", nameof(name));

    public bool Has(string name) => ByName.ContainsKey(name);

    public BytesColumn Bytes(string name) => (BytesColumn)this[name];
    public ValueColumn<long> Longs(string name) => (ValueColumn<long>)this[name];
    public ValueColumn<int> Ints(string name) => (ValueColumn<int>)this[name];
    public ValueColumn<double> Doubles(string name) => (ValueColumn<double>)this[name];

    /// <summary>The given rows, in that order; row -1 gives a row of nulls.</summary>
    public RowBatch Gather(ReadOnlySpan<int> rows)
    {
        var gathered = new Column[Columns.Count];
        for (var i = 0; i < gathered.Length; i++) gathered[i] = Columns[i].Gather(rows);
        return new RowBatch(Schema, gathered, rows.Length);
    }

    /// <summary>Only the named columns, in that order; nothing is copied.</summary>
    public RowBatch Select(params IReadOnlyList<string> names)
    {
        var indexes = names.Select(IndexOf).ToArray();
        return new RowBatch(indexes.Select(i => Schema[i]).ToArray(), indexes.Select(i => Columns[i]).ToArray(), RowCount);
    }

    /// <summary>All rows of all parts; no parts give an empty batch.</summary>
    public static RowBatch Concat(IReadOnlyList<ColumnSchema> schema, IReadOnlyList<RowBatch> parts)
    {
        if (parts.Count == 0) return Empty(schema);
        var columns = new Column[schema.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            var index = i;
            columns[i] = Column.Concat(parts.Select(part => part.Columns[index]).ToArray());
        }
        return new RowBatch(schema, columns, parts.Sum(part => part.RowCount));
    }

    public static RowBatch Empty(IReadOnlyList<ColumnSchema> schema) => new RowBatchBuilder(schema, 4).Build();
}
