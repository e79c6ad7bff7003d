namespace Olist.Formats.Columns;

/// <summary>Builders for all columns of a batch; the caller appends one value to each per row.</summary>
public sealed class RowBatchBuilder
{
    public RowBatchBuilder(IReadOnlyList<ColumnSchema> schema, int capacity = 64)
    {
        Schema = schema;
        var columns = new ColumnBuilder[schema.Count];
        for (var i = 0; i < columns.Length; i++) columns[i] = ColumnBuilder.Create(schema[i].Type, capacity);
        Columns = columns;
    }

    public IReadOnlyList<ColumnSchema> Schema { get; }
    public IReadOnlyList<ColumnBuilder> Columns { get; }

    /// <summary>Rows so far: those of the first column.</summary>
    public int RowCount => Columns.Count == 0 ? 0 : Columns[0].Count;

    public ValueBuilder<int> Ints(int column) => (ValueBuilder<int>)Columns[column];
    public ValueBuilder<long> Longs(int column) => (ValueBuilder<long>)Columns[column];
    public ValueBuilder<double> Doubles(int column) => (ValueBuilder<double>)Columns[column];
    public BytesBuilder Bytes(int column) => (BytesBuilder)Columns[column];

    /// <summary>Drops what every column has beyond <paramref name="rowCount"/> rows.</summary>
    public void Truncate(int rowCount)
    {
        foreach (var column in Columns)
            if (column.Count > rowCount) column.Truncate(rowCount);
    }

    /// <summary>Hands the rows over; the builder is not used again.</summary>
    public RowBatch Build()
    {
        var rowCount = RowCount;
        var columns = new Column[Columns.Count];
        for (var i = 0; i < columns.Length; i++) columns[i] = Columns[i].Build();
        return new RowBatch(Schema, columns, rowCount);
    }
}
