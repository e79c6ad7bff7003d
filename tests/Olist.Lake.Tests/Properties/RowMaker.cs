using System.Collections.Immutable;
using System.Globalization;
using Olist.Formats.Columns;
using Olist.Lake.Tests.Tables;

namespace Olist.Lake.Tests.Properties;

/// <summary>Random rows for whatever columns the table has by now.</summary>
static class RowMaker
{
    public static string KeyOf(int number) => $"order-{number:d4}";

    public static ModelRow Make(IEnumerable<ColumnSchema> schema, string key, Random random)
    {
        var values = ImmutableDictionary.CreateBuilder<int, string>();
        foreach (var column in schema)
            if (column.Name == LakeMachine.KeyColumn) values[column.FieldId] = key;
            else if (random.Next(8) > 0) values[column.FieldId] = Value(column, random);
        return new ModelRow(values.ToImmutable(), 0);
    }

    /// <summary>Values that every reader has: floats are multiples of an eighth, times whole milliseconds or not.</summary>
    static string Value(ColumnSchema column, Random random) => column.Type.Kind switch
    {
        TypeKind.Boolean => random.Next(2) == 0 ? "true" : "false",
        TypeKind.Int => random.Next(-30, 30).ToString(CultureInfo.InvariantCulture),
        // A column that was an int may hold more once it was widened.
        TypeKind.Long => (random.Next(4) == 0 ? random.NextInt64(-1L << 50, 1L << 50) : random.Next(-30, 30)).ToString(CultureInfo.InvariantCulture),
        TypeKind.Float or TypeKind.Double => (random.Next(-800, 800) / 8.0).ToString("F9", CultureInfo.InvariantCulture),
        TypeKind.Date => random.Next(-400, 20_000).ToString(CultureInfo.InvariantCulture),
        TypeKind.Time => random.NextInt64(86_400_000_000).ToString(CultureInfo.InvariantCulture),
        TypeKind.Timestamp or TypeKind.TimestampTz => random.NextInt64(-1_000_000_000_000, 2_000_000_000_000).ToString(CultureInfo.InvariantCulture),
        TypeKind.Decimal => PlainText.Decimal(random.Next(-99_999, 99_999), column.Type.Scale),
        TypeKind.Uuid => new Guid(random.Next(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10).ToString(),
        TypeKind.Binary => Convert.ToHexStringLower(BitConverter.GetBytes(random.Next())),
        TypeKind.Fixed => Convert.ToHexStringLower(new byte[column.Type.Length]),
        _ => $"s{random.Next(4)}",
    };

    public static RowBatch Batch(IReadOnlyList<ColumnSchema> schema, IReadOnlyCollection<ModelRow> rows)
    {
        var builder = new RowBatchBuilder(schema, Math.Max(rows.Count, 1));
        foreach (var row in rows)
            for (var i = 0; i < schema.Count; i++) PlainText.Append(builder.Columns[i], row.Values.GetValueOrDefault(schema[i].FieldId));
        return builder.Build();
    }

    public static RowBatch Keys(ColumnSchema column, IReadOnlyList<string> keys) => new([column], [BytesColumn.Of([.. keys])], keys.Count);
}
