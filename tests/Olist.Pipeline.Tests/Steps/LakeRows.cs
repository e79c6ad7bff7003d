using Olist.Formats.Columns;
using Olist.Lake;
using Olist.Testing.Oracle;

namespace Olist.Pipeline.Tests.Steps;

/// <summary>The rows of a table as plain values, to hold against the oracle.</summary>
static class LakeRows
{
    public static async Task<OracleTable> ReadAsync(LakeTable table, CancellationToken cancellationToken)
    {
        var rows = new List<object?[]>();
        await foreach (var batch in table.ScanAsync(null, null, cancellationToken))
            for (var row = 0; row < batch.RowCount; row++)
                rows.Add([.. batch.Schema.Select((column, i) => ValueOf(column.Type, batch.Columns[i], row))]);
        return new OracleTable(table.Name.ToString(), [.. table.Columns.Select(column => column.Name)], rows);
    }

    public static OracleTable Of(string name, RowBatch batch) => new(name, [.. batch.Schema.Select(column => column.Name)],
        [.. Enumerable.Range(0, batch.RowCount).Select(row => batch.Schema.Select((column, i) => ValueOf(column.Type, batch.Columns[i], row)).ToArray())]);

    static object? ValueOf(DataType type, Column column, int row)
    {
        if (column.IsNull(row)) return null;
        return column switch
        {
            BytesColumn bytes => bytes.Find(row),
            ValueColumn<long> longs when type.Kind == TypeKind.Decimal => longs[row] / 100m,
            ValueColumn<long> longs when type.Kind is TypeKind.Timestamp or TypeKind.TimestampTz => DateTime.UnixEpoch.AddTicks(longs[row] * 10),
            ValueColumn<long> longs => longs[row],
            ValueColumn<int> ints => ints[row],
            ValueColumn<double> doubles => doubles[row],
            _ => throw new InvalidOperationException($"No plain value of {type}."),
        };
    }
}
