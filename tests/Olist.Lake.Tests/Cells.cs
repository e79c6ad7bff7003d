using System.Globalization;
using System.Numerics;
using Olist.Formats.Columns;

namespace Olist.Lake.Tests;

/// <summary>Rows of any table as text, for tables whose columns change: <c>name=value</c> by column, sorted; null is <c>-</c>.</summary>
static class Cells
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<string[]> ReadAsync(LakeTable table, ScanRequest? request = null)
    {
        var rows = new List<string>();
        await foreach (var batch in table.ScanAsync(request ?? new ScanRequest(), Token)) rows.AddRange(Of(batch));
        return [.. rows.Order(StringComparer.Ordinal)];
    }

    public static IEnumerable<string> Of(RowBatch batch) => Enumerable.Range(0, batch.RowCount).Select(row => string.Join(' ', batch.Schema.Select((column, i) => $"{column.Name}={Text(batch.Columns[i], row)}")));

    public static string Text(Column column, int row) => column.IsNull(row) ? "-" : column switch
    {
        ValueColumn<int> ints => ints.Values[row].ToString(CultureInfo.InvariantCulture),
        ValueColumn<long> longs => longs.Values[row].ToString(CultureInfo.InvariantCulture),
        ValueColumn<float> floats => floats.Values[row].ToString("R", CultureInfo.InvariantCulture),
        ValueColumn<double> doubles => doubles.Values[row].ToString("R", CultureInfo.InvariantCulture),
        ValueColumn<byte> flags => flags.Values[row] == 0 ? "no" : "yes",
        BytesColumn bytes when column.Type.Kind == TypeKind.String => bytes.Find(row)!,
        BytesColumn bytes when column.Type.Kind == TypeKind.Decimal => new BigInteger(bytes[row], isUnsigned: false, isBigEndian: true).ToString(CultureInfo.InvariantCulture),
        BytesColumn bytes => Convert.ToHexString(bytes[row]),
        _ => throw new NotSupportedException(column.GetType().Name),
    };

    /// <summary>Rows for the named columns of the table as it is now; null, or int, long, float, double, string, bool.</summary>
    public static RowBatch Batch(LakeTable table, string[] columns, params object?[][] rows)
    {
        var schema = columns.Select(name => table.Schema.FindColumn(name)!).ToArray();
        var builder = new RowBatchBuilder(schema, Math.Max(rows.Length, 1));
        foreach (var row in rows)
            for (var i = 0; i < schema.Length; i++) Append(builder.Columns[i], row[i]);
        return builder.Build();
    }

    static void Append(ColumnBuilder column, object? value)
    {
        switch (column, value)
        {
            case (_, null): column.AppendNull(); break;
            case (ValueBuilder<int> ints, int number): ints.Append(number); break;
            case (ValueBuilder<long> longs, int number): longs.Append(number); break;
            case (ValueBuilder<long> longs, long number): longs.Append(number); break;
            case (ValueBuilder<float> floats, float number): floats.Append(number); break;
            case (ValueBuilder<double> doubles, double number): doubles.Append(number); break;
            case (BytesBuilder bytes, string text): bytes.Append(text); break;
            case (BytesBuilder bytes, int number): bytes.Append(new BigInteger(number).ToByteArray(isUnsigned: false, isBigEndian: true)); break;
            default: throw new NotSupportedException($"{value.GetType().Name} in {column.GetType().Name}");
        }
    }

    public static ValueTask<LakeSnapshot> AppendAsync(LakeTable table, string[] columns, params object?[][] rows) => table.CommitAsync(new TableChange { Append = [Batch(table, columns, rows)] }, Token);

    /// <summary>Insert, update or (rows of which only the key is given in <paramref name="deletes"/>) delete by the first column.</summary>
    public static async Task<LakeSnapshot> MergeAsync(LakeTable table, string[] columns, object?[][] rows, object?[]? deletes = null, RowLevelMode? mode = null, string branch = "main")
    {
        var at = table.References.Find(branch)?.SnapshotId;
        var keys = Batch(table, [columns[0]], [.. rows.Select(row => (object?[])[row[0]]), .. (deletes ?? []).Select(key => (object?[])[key])]);
        var (_, positions) = await table.LookupAsync(at, keys, [columns[0]], Token);
        return await table.CommitAsync(new TableChange { Append = rows.Length == 0 ? [] : [Batch(table, columns, rows)], Delete = positions, BaseSnapshotId = at, Mode = mode, Branch = branch }, Token);
    }
}
