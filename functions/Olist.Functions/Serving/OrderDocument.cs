using Olist.Formats.Columns;
using Olist.Pipeline.Queries;
using Olist.Pipeline.Speed.Live;
using Olist.Pipeline.Speed.Orders;
using Olist.Pipeline.Speed.Topics;

namespace Olist.Functions.Serving;

/// <summary>An order as <c>GET /api/orders/{orderId}</c> gives it.</summary>
/// <param name="Stage">What it waits for.</param>
/// <param name="Layer"><c>batch</c>; or <c>stream</c>, when the stream knows of something that the batch layer has not computed with yet.</param>
/// <param name="LeadDays">Calendar days of each stage; of one that is open, those so far by the pipeline's clock.</param>
public sealed record OrderDocument(
    string OrderId, string Stage, string Layer, IReadOnlyList<OrderDocument.TimelineEntry> Timeline, IReadOnlyDictionary<string, long?> LeadDays, IReadOnlyList<OrderDocument.Detail> Details, AsOf AsOf)
{
    /// <summary>Something that happened, or was promised (<c>shipping_limit</c>, <c>estimated_delivery</c>).</summary>
    public sealed record TimelineEntry(string Event, string? Timestamp);

    /// <summary>Pieces of one product at one price.</summary>
    public sealed record Detail(string? ProductId, string? SellerId, string? CustomerId, string? Category, long? Quantity, string? UnitPrice);

    /// <param name="batch">What the batch layer has, if anything.</param>
    /// <param name="status">What the live view has, if anything.</param>
    /// <param name="state">The order's entity, for an order that the batch layer has not seen.</param>
    public static OrderDocument Of(string orderId, OrderRecord? batch, DeliveryStatus? status, OrderState? state, LiveOrders live, AsOf.StreamPosition stream)
    {
        var known = batch is { LeadDays.RowCount: > 0 } ? StatusRows.Times(batch.LeadDays)(0) : default;
        var times = status is null ? known : known.Merge(status.Times);
        var days = StageDays.AsOf(times, live.TimeOf(times, status?.ArrivedMs));
        return new OrderDocument(orderId, OrderStages.NameOf(OrderStages.Of(times)), times == known ? "batch" : "stream", TimelineOf(batch, known, times),
            new Dictionary<string, long?>
            {
                ["purchaseToApprovalDays"] = days.PurchaseToApproval,
                ["approvalToCarrierDays"] = days.ApprovalToCarrier,
                ["carrierToCustomerDays"] = days.CarrierToCustomer,
                ["carrierDeliveryDelayDays"] = days.CarrierDeliveryDelay,
                ["customerDeliveryDelayDays"] = days.CustomerDeliveryDelay,
            },
            batch is { Details.RowCount: > 0 } ? [.. Enumerable.Range(0, batch.Details.RowCount).Select(row => DetailOf(batch.Details, row))]
                : [.. (state?.Lines() ?? []).Select(line => new Detail(line.ProductId, line.SellerId, state!.CustomerId, null, line.Quantity, Answers.Money(line.PriceCents)))],
            (batch?.AsOf ?? new AsOf([])) with { Stream = stream });
    }

    /// <summary>All events that the batch layer has, and those that only the stream knows, oldest first.</summary>
    static TimelineEntry[] TimelineOf(OrderRecord? batch, OrderTimes known, OrderTimes times)
    {
        var entries = new List<(long At, string Event)>();
        if (batch is not null)
        {
            var (names, instants) = (batch.Events.Bytes("data_type"), batch.Events.Longs("timestamp"));
            for (var row = 0; row < batch.Events.RowCount; row++) entries.Add((instants[row], names.Find(row)!));
        }
        foreach (var (name, old, now) in (ReadOnlySpan<(string, long?, long?)>)
            [
                ("purchase", known.Purchase, times.Purchase), ("approve", known.Approve, times.Approve),
                ("delivered_carrier", known.DeliveredCarrier, times.DeliveredCarrier), ("delivered_customer", known.DeliveredCustomer, times.DeliveredCustomer),
                ("shipping_limit", known.ShippingLimit, times.ShippingLimit), ("estimated_delivery", known.EstimatedDelivery, times.EstimatedDelivery),
            ])
            if (now is { } at && at != old) entries.Add((at, name));
        return [.. entries.OrderBy(entry => entry.At).Select(entry => new TimelineEntry(entry.Event, Answers.Time(entry.At)))];
    }

    static Detail DetailOf(RowBatch details, int row) => new(
        details.Bytes("product_id").Find(row), details.Bytes("seller_id").Find(row), details.Bytes("customer_id").Find(row), details.Bytes("category").Find(row),
        details.Longs("quantity").Find(row), details.Longs("unit_price").Find(row) is { } price ? Answers.Money(price) : null);
}
