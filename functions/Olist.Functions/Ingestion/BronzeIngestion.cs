using Olist.Pipeline.Steps.Bronze;

namespace Olist.Functions.Ingestion;

/// <summary>Bronze topics into bronze tables: one trigger per topic, one commit per batch.</summary>
/// <remarks>Nothing is retried by the host: a batch that comes twice changes nothing, and a message that can't be read goes to the dead-letter topic.</remarks>
public sealed class BronzeIngestion(BronzeIngest ingest)
{
    const string Brokers = "%Kafka:BrokerList%", Group = "olist-ingest";

    [Function("ingest_order_status")]
    public Task OrderStatus([KafkaTrigger(Brokers, "order_status", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, CancellationToken cancellationToken) =>
        TakeAsync("order_status", records, cancellationToken);

    [Function("ingest_payment")]
    public Task Payment([KafkaTrigger(Brokers, "payment", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, CancellationToken cancellationToken) =>
        TakeAsync("payment", records, cancellationToken);

    [Function("ingest_order_item")]
    public Task OrderItem([KafkaTrigger(Brokers, "order_item", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, CancellationToken cancellationToken) =>
        TakeAsync("order_item", records, cancellationToken);

    [Function("ingest_product")]
    public Task Product([KafkaTrigger(Brokers, "product", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, CancellationToken cancellationToken) =>
        TakeAsync("product", records, cancellationToken);

    [Function("ingest_seller")]
    public Task Seller([KafkaTrigger(Brokers, "seller", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, CancellationToken cancellationToken) =>
        TakeAsync("seller", records, cancellationToken);

    [Function("ingest_customer")]
    public Task Customer([KafkaTrigger(Brokers, "customer", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, CancellationToken cancellationToken) =>
        TakeAsync("customer", records, cancellationToken);

    [Function("ingest_geolocation")]
    public Task Geolocation([KafkaTrigger(Brokers, "geolocation", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, CancellationToken cancellationToken) =>
        TakeAsync("geolocation", records, cancellationToken);

    [Function("ingest_estimated_delivery_date")]
    public Task EstimatedDeliveryDate([KafkaTrigger(Brokers, "estimated_delivery_date", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, CancellationToken cancellationToken) =>
        TakeAsync("estimated_delivery_date", records, cancellationToken);

    [Function("ingest_review")]
    public Task Review([KafkaTrigger(Brokers, "review", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, CancellationToken cancellationToken) =>
        TakeAsync("review", records, cancellationToken);

    Task<IngestResult> TakeAsync(string topic, KafkaRecord[] records, CancellationToken cancellationToken) =>
        ingest.IngestAsync(topic, Records.Of(records), cancellationToken);
}
