using Olist.Formats.Columns;
using Olist.Lake.Partitioning;
using Olist.Lake.Schemas;

namespace Olist.Lake.Commits;

/// <summary>The partition values of rows.</summary>
static class PartitionRows
{
    /// <summary>One column per field of the spec.</summary>
    public static Column[] Values(PartitionSpec spec, TableSchema schema, RowBatch rows) =>
        [.. spec.Fields.Select(field => field.Transform.Apply(rows[schema.FindColumn(field.SourceId)?.Name ?? schema.Columns[0].Name]))]; // only void has no source

    public static PartitionKey KeyOf(Column[] values, int row) => new([.. values.Select(column => SingleValue.Of(column, row))]);
}
