using Olist.Formats.Columns;
using Olist.Pipeline.Speed.Topics;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Topics;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;
using Olist.Pipeline.Model;

namespace Olist.Pipeline.Speed.Orders;

/// <summary>Groups a batch of messages by order: each order gets one update with all that the batch tells of it.</summary>
/// <remarks>Safe for many threads.</remarks>
public sealed class OrderUpdates(ISchemaRegistry registry)
{
    static readonly byte[][] KindNames = [.. new[] { "purchase", "approve", "delivered_carrier", "delivered_customer", "shipping_limit", "estimated_delivery" }.Select(System.Text.Encoding.UTF8.GetBytes)];

    readonly TopicDecoders _bronze = new(registry);
    readonly RecordDecoder _events = new(registry, SpeedTopics.SchemaOf("order_event"));

    /// <summary>Of records of the silver topic <c>order_event</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, OrderUpdate>> OfEvents(IReadOnlyList<ConsumedRecord> records)
    {
        var (rows, sources) = Decode(_events, TableCatalog.OrderEvent, records);
        var (kinds, instants) = (rows.Bytes("data_type"), rows.Longs("timestamp"));
        return Group(rows, sources, records, (update, row) =>
            KindOf(kinds[row]) is { } kind ? update with { Times = update.Times.With(kind, instants[row]) } : update);
    }

    /// <summary>Of records of the bronze topic <c>order_item</c>. A piece without number, product, seller or price is no line of an order.</summary>
    public IReadOnlyList<KeyValuePair<string, OrderUpdate>> OfItems(IReadOnlyList<ConsumedRecord> records)
    {
        var (rows, sources) = Decode(_bronze.For("order_item"), TableCatalog.OrderItem, records);
        var (id, product, seller, price) = (rows.Ints("order_item_id"), rows.Bytes("product_id"), rows.Bytes("seller_id"), rows.Longs("price"));
        return Group(rows, sources, records, (update, row) =>
        {
            if (id.IsNull(row) || product.IsNull(row) || seller.IsNull(row) || price.IsNull(row)) return update;
            var items = update.Items as List<OrderItem> ?? [];
            items.Add(new OrderItem(id[row], product.Find(row)!, seller.Find(row)!, price[row]));
            return update with { Items = items };
        });
    }

    /// <summary>Of records of the bronze topic <c>payment</c>, which names the customer.</summary>
    public IReadOnlyList<KeyValuePair<string, OrderUpdate>> OfPayments(IReadOnlyList<ConsumedRecord> records)
    {
        var (rows, sources) = Decode(_bronze.For("payment"), TableCatalog.Payment, records);
        var customer = rows.Bytes("customer_id");
        return Group(rows, sources, records, (update, row) => customer.IsNull(row) ? update : update with { CustomerId = customer.Find(row) });
    }

    static (RowBatch Rows, List<int> Sources) Decode(RecordDecoder decoder, TableSpec topic, IReadOnlyList<ConsumedRecord> records)
    {
        var builder = new RowBatchBuilder(topic.Columns, records.Count);
        var sources = TopicRecords.Decode(decoder, records, builder);
        return (builder.Build(), sources);
    }

    static KeyValuePair<string, OrderUpdate>[] Group(RowBatch rows, List<int> sources, IReadOnlyList<ConsumedRecord> records, Func<OrderUpdate, int, OrderUpdate> add)
    {
        if (rows.RowCount == 0) return [];
        var orders = rows.Bytes("order_id");
        var (groups, firsts) = new KeyIndex(orders).Group();
        var updates = new OrderUpdate[firsts.Length];
        for (var row = 0; row < rows.RowCount; row++)
        {
            ref var update = ref updates[groups[row]];
            update = add(update ?? new OrderUpdate(), row);
            var arrived = records[sources[row]].TimestampMs;
            if (arrived > update.ArrivedMs) update = update with { ArrivedMs = arrived };
        }
        return [.. updates.Select((update, group) => KeyValuePair.Create(orders.Find(firsts[group])!, update))];
    }

    static OrderEventKind? KindOf(ReadOnlySpan<byte> name)
    {
        for (var kind = 0; kind < KindNames.Length; kind++)
            if (name.SequenceEqual(KindNames[kind])) return (OrderEventKind)kind;
        return null;
    }
}
