using Olist.Formats.Columns;

namespace Olist.Benchmarks;

/// <summary>Rows with the shape of the dataset: ids that can't be compressed, whole seconds, prices of which some are frequent, stages that have not happened yet.</summary>
static class BenchTables
{
    const long FirstSecond = 1_473_000_000;
    const int SpanSeconds = 770 * 86_400;

    public static IReadOnlyList<ColumnSchema> OrderItem { get; } =
    [
        new(1, "order_id", DataType.String, Required: true), new(2, "order_item_id", DataType.Int), new(3, "shipping_limit_date", DataType.TimestampTz), new(4, "price", DataType.Decimal(10, 2)),
        new(5, "freight_value", DataType.Decimal(10, 2)), new(6, "product_id", DataType.String), new(7, "seller_id", DataType.String),
    ];

    public static IReadOnlyList<ColumnSchema> FactOrderLeadDays { get; } =
    [
        new(1, "order_id", DataType.String, Required: true),
        .. Timestamps(2, "purchase", "approve", "delivered_carrier", "delivered_customer", "shipping_limit", "estimated_delivery"),
        .. Longs(8, "purchase_to_approval_days", "approval_to_carrier_days", "carrier_to_customer_days", "carrier_delivery_delay_days", "customer_delivery_delay_days"),
    ];

    public static IReadOnlyList<ColumnSchema> SchemaOf(string table) => table switch
    {
        "order_item" => OrderItem,
        "fact_order_lead_days" => FactOrderLeadDays,
        _ => throw new ArgumentException($"There is no benchmark of table {table}; there are order_item and fact_order_lead_days.", nameof(table)),
    };

    /// <summary>Rows <paramref name="first"/> to first + count of a table of <paramref name="total"/> rows.</summary>
    public static RowBatch Make(string table, long first, int count, long total, int seed)
    {
        var builder = new RowBatchBuilder(SchemaOf(table), count);
        var random = new Random(unchecked(seed * 1_000_003 + (int)(first ^ (first >> 31))));
        Span<byte> id = stackalloc byte[32];
        for (var i = 0; i < count; i++)
        {
            var purchase = FirstSecond + (long)((double)(first + i) / total * SpanSeconds) + random.Next(3600);
            WriteHex(random, id);
            if (table == "order_item") AppendItem(builder, random, id, purchase);
            else AppendLeadDays(builder, random, id, purchase);
        }
        return builder.Build();
    }

    static void AppendItem(RowBatchBuilder row, Random random, ReadOnlySpan<byte> orderId, long purchase)
    {
        row.Bytes(0).Append(orderId);
        row.Ints(1).Append(random.Next(8) == 0 ? random.Next(2, 6) : 1);
        row.Longs(2).Append((purchase + 86_400 * random.Next(3, 9) + random.Next(600)) * 1_000_000);
        row.Longs(3).Append(random.Next(2) == 0 ? 990 + 1000 * random.Next(1, 40) : random.Next(500, 60_000));
        row.Longs(4).Append(random.Next(700, 7_000));
        Span<byte> id = stackalloc byte[32];
        // Popular products are sold far more often than others.
        WriteHex(new Random((int)(32_951 * Math.Pow(random.NextDouble(), 2.5))), id);
        row.Bytes(5).Append(id);
        WriteHex(new Random(100_000 + (int)(3_095 * Math.Pow(random.NextDouble(), 2.5))), id);
        row.Bytes(6).Append(id);
    }

    static void AppendLeadDays(RowBatchBuilder row, Random random, ReadOnlySpan<byte> orderId, long purchase)
    {
        long? approve = random.Next(50) == 0 ? null : purchase + random.Next(600, 100_000);
        long? carrier = approve is null || random.Next(12) == 0 ? null : approve + random.Next(20_000, 400_000);
        long? customer = carrier is null || random.Next(6) == 0 ? null : carrier + random.Next(86_400, 1_500_000);
        long? limit = purchase + 86_400 * random.Next(3, 9) + random.Next(600);
        long? estimated = Day(purchase) * 86_400 + 86_400 * random.Next(12, 40);
        row.Bytes(0).Append(orderId);
        long?[] times = [purchase, approve, carrier, customer, limit, estimated];
        for (var i = 0; i < times.Length; i++) Append(row.Longs(i + 1), times[i] * 1_000_000);
        Append(row.Longs(7), Day(approve) - Day(purchase));
        Append(row.Longs(8), Day(carrier) - Day(approve));
        Append(row.Longs(9), Day(customer) - Day(carrier));
        Append(row.Longs(10), Day(carrier) - Day(limit));
        Append(row.Longs(11), Day(customer) - Day(estimated));
    }

    static long? Day(long? second) => second / 86_400;

    static long Day(long second) => second / 86_400;

    static void Append(ValueBuilder<long> column, long? value)
    {
        if (value is { } known) column.Append(known);
        else column.AppendNull();
    }

    static void WriteHex(Random random, Span<byte> id)
    {
        Span<byte> bits = stackalloc byte[16];
        random.NextBytes(bits);
        Convert.TryToHexStringLower(bits, id, out _);
    }

    static IEnumerable<ColumnSchema> Timestamps(int firstId, params string[] names) => names.Select((name, i) => new ColumnSchema(firstId + i, name, DataType.TimestampTz));

    static IEnumerable<ColumnSchema> Longs(int firstId, params string[] names) => names.Select((name, i) => new ColumnSchema(firstId + i, name, DataType.Long));
}
