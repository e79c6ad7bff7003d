using Olist.Formats.Columns;

namespace Olist.Formats.Parquet.Writing;

/// <summary>Refuses batches that do not have the columns of the file.</summary>
static class BatchCheck
{
    public static void Check(IReadOnlyList<ColumnSchema> schema, RowBatch batch)
    {
        if (batch.Columns.Count != schema.Count) throw new ArgumentException($"The batch has {batch.Columns.Count} columns, the file {schema.Count}.", nameof(batch));
        for (var i = 0; i < schema.Count; i++)
        {
            var (wanted, given, column) = (schema[i], batch.Schema[i], batch.Columns[i]);
            if (given.Name != wanted.Name || given.Type != wanted.Type)
                throw new ArgumentException($"Column {i} of the batch is {given.Name} of type {given.Type}; the file has {wanted.Name} of type {wanted.Type} there.", nameof(batch));
            if (column.Type.Storage != wanted.Type.Storage)
                throw new ArgumentException($"Column {wanted.Name} is {wanted.Type}, but the batch holds {column.Type}.", nameof(batch));
            if (!wanted.Required || column.Validity is not { } validity) continue;
            var firstNull = validity.AsSpan(0, column.Count).IndexOf((byte)0);
            if (firstNull >= 0) throw new ArgumentException($"Column {wanted.Name} is required, but row {firstNull} of the batch has no value.", nameof(batch));
        }
    }
}
