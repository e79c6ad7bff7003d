using Olist.Formats.Columns;
using Olist.Pipeline.Queries;

namespace Olist.Functions.Serving;

/// <summary>An order as <c>GET /api/orders/{orderId}</c> gives it.</summary>
public sealed record OrderDocument(
    string OrderId, IReadOnlyList<OrderDocument.TimelineEntry> Timeline, IReadOnlyDictionary<string, long?> LeadDays, IReadOnlyList<OrderDocument.Detail> Details, AsOf AsOf)
{
    /// <summary>Something that happened, or was promised (<c>shipping_limit</c>, <c>estimated_delivery</c>).</summary>
    public sealed record TimelineEntry(string Event, string? Timestamp);

    /// <summary>Pieces of one product at one price.</summary>
    public sealed record Detail(string? ProductId, string? SellerId, string? CustomerId, string? Category, long? Quantity, string? UnitPrice);

    public static OrderDocument Of(string orderId, OrderRecord order)
    {
        var (names, times) = (order.Events.Bytes("data_type"), order.Events.Longs("timestamp"));
        var timeline = Enumerable.Range(0, order.Events.RowCount).Select(row => new TimelineEntry(names.Find(row)!, Answers.Time(times.Find(row)))).ToArray();
        var leadDays = order.LeadDays.Schema.Where(column => column.Name.EndsWith("_days", StringComparison.Ordinal))
            .ToDictionary(column => CamelCase(column.Name), column => order.LeadDays.RowCount == 0 ? null : order.LeadDays.Longs(column.Name).Find(0));
        return new OrderDocument(orderId, timeline, leadDays, [.. Enumerable.Range(0, order.Details.RowCount).Select(row => DetailOf(order.Details, row))], order.AsOf);
    }

    static Detail DetailOf(RowBatch details, int row) => new(
        details.Bytes("product_id").Find(row), details.Bytes("seller_id").Find(row), details.Bytes("customer_id").Find(row), details.Bytes("category").Find(row),
        details.Longs("quantity").Find(row), details.Longs("unit_price").Find(row) is { } price ? Answers.Money(price) : null);

    static string CamelCase(string name) =>
        string.Concat(name.Split('_').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
