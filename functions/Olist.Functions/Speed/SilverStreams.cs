using Olist.Pipeline.Speed.Topics;

namespace Olist.Functions.Speed;

/// <summary>Bronze topics into silver topics, where one message makes one: events, users, places, reviews. What needs an order's or a product's history is made by their entities.</summary>
public sealed class SilverStreams(SilverForwarding silver)
{
    const string Brokers = "%Kafka:BrokerList%", Group = SpeedTopics.Group + "-silver";

    [Function("stream_order_status")]
    public Task OrderStatus([KafkaTrigger(Brokers, "order_status", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, CancellationToken cancellationToken) =>
        silver.ForwardAsync("order_status", Records.Of(records), cancellationToken);

    [Function("stream_estimated_delivery_date")]
    public Task EstimatedDeliveryDate([KafkaTrigger(Brokers, "estimated_delivery_date", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, CancellationToken cancellationToken) =>
        silver.ForwardAsync("estimated_delivery_date", Records.Of(records), cancellationToken);

    [Function("stream_order_item")]
    public Task OrderItem([KafkaTrigger(Brokers, "order_item", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, CancellationToken cancellationToken) =>
        silver.ForwardAsync("order_item", Records.Of(records), cancellationToken);

    [Function("stream_customer")]
    public Task Customer([KafkaTrigger(Brokers, "customer", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, CancellationToken cancellationToken) =>
        silver.ForwardAsync("customer", Records.Of(records), cancellationToken);

    [Function("stream_seller")]
    public Task Seller([KafkaTrigger(Brokers, "seller", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, CancellationToken cancellationToken) =>
        silver.ForwardAsync("seller", Records.Of(records), cancellationToken);

    [Function("stream_geolocation")]
    public Task Geolocation([KafkaTrigger(Brokers, "geolocation", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, CancellationToken cancellationToken) =>
        silver.ForwardAsync("geolocation", Records.Of(records), cancellationToken);

    [Function("stream_review")]
    public Task Review([KafkaTrigger(Brokers, "review", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, CancellationToken cancellationToken) =>
        silver.ForwardAsync("review", Records.Of(records), cancellationToken);
}
