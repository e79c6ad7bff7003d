using Olist.Pipeline.Speed.Topics;
using Olist.Pipeline.Steps.Topics;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Speed.Orders;

/// <summary>Groups a batch of messages by order: each order gets one update with all that the batch tells of it.</summary>
/// <remarks>Safe for many threads.</remarks>
public sealed class OrderUpdates(ISchemaRegistry registry)
{
    static readonly byte[][] KindNames = [.. new[] { "purchase", "approve", "delivered_carrier", "delivered_customer", "shipping_limit", "estimated_delivery" }.Select(System.Text.Encoding.UTF8.GetBytes)];

    readonly TopicDecoders _bronze = new(registry);
    readonly RecordDecoder _events = new(registry, SpeedTopics.SchemaOf("order_event"));

    /// <summary>Of records of the silver topic <c>order_event</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, OrderUpdate>> OfEvents(IReadOnlyList<ConsumedRecord> records) =>
        BatchGroups.Fold<OrderUpdate>(_events, records, rows =>
        {
            var (kinds, instants) = (rows.Bytes("data_type"), rows.Longs("timestamp"));
            return (update, row, in record) =>
            {
                if (KindOf(kinds[row]) is not { } kind) return;
                update.Times = update.Times.With(kind, instants[row]);
                update.ArrivedMs = Math.Max(update.ArrivedMs, record.TimestampMs);
            };
        });

    /// <summary>Of records of the bronze topic <c>order_item</c>. A piece without number, product, seller or price is no line of an order.</summary>
    public IReadOnlyList<KeyValuePair<string, OrderUpdate>> OfItems(IReadOnlyList<ConsumedRecord> records) =>
        BatchGroups.Fold<OrderUpdate>(_bronze.For("order_item"), records, rows =>
        {
            var (id, product, seller, price) = (rows.Ints("order_item_id"), rows.Bytes("product_id"), rows.Bytes("seller_id"), rows.Longs("price"));
            return (update, row, in _) =>
            {
                if (id.IsNull(row) || product.IsNull(row) || seller.IsNull(row) || price.IsNull(row)) return;
                if (update.Items is not List<OrderItem> items) update.Items = items = [];
                items.Add(new OrderItem(id[row], product.Find(row)!, seller.Find(row)!, price[row]));
            };
        });

    /// <summary>Of records of the bronze topic <c>payment</c>, which names the customer.</summary>
    public IReadOnlyList<KeyValuePair<string, OrderUpdate>> OfPayments(IReadOnlyList<ConsumedRecord> records) =>
        BatchGroups.Fold<OrderUpdate>(_bronze.For("payment"), records, rows =>
        {
            var customer = rows.Bytes("customer_id");
            return (update, row, in _) => update.CustomerId = customer.Find(row) ?? update.CustomerId;
        });

    static OrderEventKind? KindOf(ReadOnlySpan<byte> name)
    {
        for (var kind = 0; kind < KindNames.Length; kind++)
            if (name.SequenceEqual(KindNames[kind])) return (OrderEventKind)kind;
        return null;
    }
}
