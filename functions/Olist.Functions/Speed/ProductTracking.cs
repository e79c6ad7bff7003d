using Olist.Pipeline.Speed.Products;
using Olist.Pipeline.Speed.Topics;

namespace Olist.Functions.Speed;

/// <summary>What is told of a product goes to its entity: one signal per product and batch.</summary>
public sealed class ProductTracking(ProductUpdates updates)
{
    const string Brokers = "%Kafka:BrokerList%", Group = SpeedTopics.Group + "-products";

    [Function("track_products")]
    public Task Products(
        [KafkaTrigger(Brokers, "product", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => SignalAsync(client, updates.OfProducts(Records.Of(records)), cancellationToken);

    [Function("track_offers")]
    public Task Offers(
        [KafkaTrigger(Brokers, "order_item", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => SignalAsync(client, updates.OfItems(Records.Of(records)), cancellationToken);

    static Task SignalAsync(DurableTaskClient client, IReadOnlyList<KeyValuePair<string, ProductUpdate>> updates, CancellationToken cancellationToken) =>
        Task.WhenAll(updates.Select(update => client.Entities.SignalEntityAsync(ProductEntity.IdOf(update.Key), nameof(ProductEntity.Apply), update.Value, null, cancellationToken)));
}
