using Olist.Pipeline.Speed.Orders;
using Olist.Pipeline.Speed.Products;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Speed.Topics;

/// <summary>Publishers of the topics that orders tell of themselves.</summary>
public static class TopicPublishers
{
    /// <summary>To <c>delivery_status</c>, keyed by order.</summary>
    public static TopicPublisher<DeliveryStatus> Statuses(IEventLog log, RecordEncoder encoder, TimeProvider time, Action<string> warn) =>
        new(log, SpeedTopics.DeliveryStatus, encoder, StatusRows.Append, status => status.OrderId, time, warn);

    /// <summary>To <c>customer_order</c>, keyed by order.</summary>
    public static TopicPublisher<CustomerOrderLine> Lines(IEventLog log, RecordEncoder encoder, TimeProvider time, Action<string> warn) =>
        new(log, "customer_order", encoder, LineRows.Append, line => line.OrderId, time, warn);

    /// <summary>To <c>product_metadata</c>, keyed by product.</summary>
    public static TopicPublisher<ProductOffer> Offers(IEventLog log, RecordEncoder encoder, TimeProvider time, Action<string> warn) =>
        new(log, "product_metadata", encoder, OfferRows.Append, offer => offer.ProductId, time, warn);
}
