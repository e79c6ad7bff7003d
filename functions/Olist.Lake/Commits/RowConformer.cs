using Olist.Formats.Columns;
using Olist.Lake.Schemas;

namespace Olist.Lake.Commits;

/// <summary>Brings batches to the columns of a table: matched by name, in the table's order, with its field ids; values of a type that was widened since are promoted.</summary>
static class RowConformer
{
    /// <exception cref="LakeException">A column is unknown, of another type, or has nulls where the table requires values.</exception>
    public static RowBatch Conform(RowBatch batch, TableSchema schema, TableName table)
    {
        if (schema.Fields.Count != schema.Columns.Count)
            throw new UnsupportedFormatException($"Table {table} has nested columns ({string.Join(", ", schema.Fields.Where(field => field.Type is not PrimitiveType).Select(field => field.Name))}), which can't be written here. Write it with the engine that made it.");
        foreach (var column in batch.Schema)
            if (schema.FindColumn(column.Name) is null)
                throw new LakeException($"Table {table} has no column {column.Name}; it has {string.Join(", ", schema.Columns.Select(known => known.Name))}.");
        var columns = new Column[schema.Columns.Count];
        for (var i = 0; i < columns.Length; i++) columns[i] = Conform(batch, schema.Columns[i], table);
        return new RowBatch(schema.Columns, columns, batch.RowCount);
    }

    static Column Conform(RowBatch batch, ColumnSchema target, TableName table)
    {
        if (!batch.Has(target.Name))
            return target.Required && batch.RowCount > 0
                ? throw new LakeException($"Rows for table {table} lack the required column {target.Name}.")
                : AllNull(target.Type, batch.RowCount);
        var column = ColumnPromotion.TryPromote(batch[target.Name], target.Type)
            ?? throw new LakeException($"Rows for table {table} have column {target.Name} as {batch[target.Name].Type}; the table has it as {target.Type}.");
        if (target.Required && column.Validity is { } validity && validity.AsSpan(0, column.Count).IndexOf((byte)0) is var row and >= 0)
            throw new LakeException($"Rows for table {table} have a null in the required column {target.Name}, in row {row} of a batch of {column.Count}.");
        return column;
    }

    static Column AllNull(DataType type, int count)
    {
        var builder = ColumnBuilder.Create(type, Math.Max(count, 1));
        for (var row = 0; row < count; row++) builder.AppendNull();
        return builder.Build();
    }
}
