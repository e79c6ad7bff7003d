using System.Text;
using System.Text.Unicode;
using Olist.Formats.Columns;

namespace Olist.Pipeline.Datasets;

/// <summary>Reads one CSV file into columns, setting aside the rows that are no good.</summary>
static class TableLoader
{
    /// <summary>No row of the dataset is shorter on average; more rows than this makes the columns grow while reading.</summary>
    const int TypicalRowBytes = 90;

    const int RowsPerCancellationCheck = 16_384;

    public static RowBatch Load(CsvSource source, RejectedRows rejected, CancellationToken cancellationToken)
    {
        var columns = source.File.Columns;
        var rowsExpected = (int)Math.Min(source.LengthBytes / TypicalRowBytes + 16, 50_000_000);
        var builders = columns.Select(column => column.IsKept ? NewBuilder(column, rowsExpected) : null).ToArray();
        var keys = source.File.HasUniqueKey ? new ByteTable() : null;
        var reader = source.Reader;
        var rowCount = 0;
        for (var read = 0; reader.Read(); read++)
        {
            if (read % RowsPerCancellationCheck == 0) cancellationToken.ThrowIfCancellationRequested();
            if (FindProblem(source) is { } problem)
            {
                Reject(source, rejected, problem);
                continue;
            }
            var bad = Append(reader, columns, builders);
            if (bad < 0 && keys is not null)
            {
                keys.GetOrAdd(reader[0], out var isNew);
                if (!isNew) bad = columns.Count;
            }
            if (bad < 0)
            {
                rowCount++;
                continue;
            }
            foreach (var builder in builders)
                if (builder?.Count > rowCount) builder.Truncate(rowCount);
            Reject(source, rejected, bad < columns.Count ? DescribeField(columns[bad], reader[bad])
                : $"{columns[0].Header} '{Encoding.UTF8.GetString(reader[0])}' is there already; expected one row for each, so the first counts");
        }

        var kept = columns.Where(column => column.IsKept).ToArray();
        var schema = kept.Select((column, index) => new ColumnSchema(index + 1, column.Header, column.Type, column.Required)).ToArray();
        return new RowBatch(schema, [.. builders.OfType<ColumnBuilder>().Select(builder => builder.Build())], rowCount);
    }

    static ColumnBuilder NewBuilder(CsvColumn column, int rows) => column.Kind == FieldKind.Text
        ? new BytesBuilder(DataType.String, rows, (int)Math.Min(rows * (column.Required ? 33L : 8L), 1 << 30))
        : ColumnBuilder.Create(column.Type, rows);

    /// <summary>What keeps the current row from having fields at all.</summary>
    internal static string? FindProblem(CsvSource source) =>
        source.Reader.Flaw != CsvFlaw.None ? source.DescribeFlaw()
        : !Utf8.IsValid(source.Reader.Raw) ? "not valid UTF-8; expected the file in UTF-8"
        : null;

    internal static void Reject(CsvSource source, RejectedRows rejected, string reason)
    {
        var line = source.Reader.Line;
        rejected.Add(line, reason, source.Reader.SetAside());
    }

    internal static string DescribeField(CsvColumn column, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return $"{column.Header} is empty; expected a value";
        var found = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 60)]);
        return $"{column.Header} is '{found}'; expected " + column.Kind switch
        {
            FieldKind.OrderStatus => "created, approved, invoiced, processing, shipped, delivered, unavailable or canceled",
            FieldKind.Int => "a whole number",
            FieldKind.Money => "an amount with at most two decimals, below 100,000,000",
            FieldKind.Timestamp => "a time as yyyy-MM-dd HH:mm:ss",
            _ => "a decimal number",
        };
    }

    /// <summary>Appends the current row, to the first field that is no good.</summary>
    /// <returns>That field, or -1 when all are good.</returns>
    static int Append(CsvReader reader, IReadOnlyList<CsvColumn> columns, ColumnBuilder?[] builders)
    {
        for (var i = 0; i < builders.Length; i++)
        {
            var column = columns[i];
            if (column.Kind == FieldKind.Unused) continue;
            var text = reader[i];
            if (text.IsEmpty)
            {
                if (column.Required) return i;
                builders[i]!.AppendNull();
                continue;
            }
            switch (column.Kind)
            {
                case FieldKind.Text:
                    ((BytesBuilder)builders[i]!).Append(text);
                    break;
                case FieldKind.OrderStatus:
                    if (!FieldParser.IsOrderStatus(text)) return i;
                    break;
                case FieldKind.Int:
                    if (!FieldParser.TryInt(text, out var number)) return i;
                    ((ValueBuilder<int>)builders[i]!).Append(number);
                    break;
                case FieldKind.Money:
                    if (!FieldParser.TryMoney(text, out var hundredths)) return i;
                    ((ValueBuilder<long>)builders[i]!).Append(hundredths);
                    break;
                case FieldKind.Timestamp:
                    if (!FieldParser.TryTimestamp(text, out var micros)) return i;
                    ((ValueBuilder<long>)builders[i]!).Append(micros);
                    break;
                default:
                    if (!FieldParser.TryDouble(text, out var value)) return i;
                    ((ValueBuilder<double>)builders[i]!).Append(value);
                    break;
            }
        }
        return -1;
    }
}
