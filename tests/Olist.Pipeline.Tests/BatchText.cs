using System.Globalization;
using Olist.Formats.Columns;

namespace Olist.Pipeline.Tests;

/// <summary>Rows as text, for comparing them with what a test expects.</summary>
static class BatchText
{
    public static string Row(RowBatch batch, int row) => string.Join('|', Enumerable.Range(0, batch.Columns.Count).Select(column => Value(batch, column, row)));

    public static List<string> Rows(RowBatch batch) => [.. Enumerable.Range(0, batch.RowCount).Select(row => Row(batch, row))];

    static string Value(RowBatch batch, int column, int row)
    {
        var values = batch.Columns[column];
        if (values.IsNull(row)) return "null";
        return (batch.Schema[column].Type.Kind, values) switch
        {
            (TypeKind.TimestampTz, ValueColumn<long> times) => DateTime.UnixEpoch.AddMicroseconds(times[row]).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            (TypeKind.Decimal, ValueColumn<long> money) => (money[row] / 100m).ToString("0.00", CultureInfo.InvariantCulture),
            (_, ValueColumn<long> numbers) => numbers[row].ToString(CultureInfo.InvariantCulture),
            (_, ValueColumn<int> numbers) => numbers[row].ToString(CultureInfo.InvariantCulture),
            (_, ValueColumn<double> numbers) => numbers[row].ToString("R", CultureInfo.InvariantCulture),
            (_, BytesColumn texts) => texts.Find(row)!,
            _ => throw new InvalidOperationException($"No text for {batch.Schema[column]}."),
        };
    }
}
