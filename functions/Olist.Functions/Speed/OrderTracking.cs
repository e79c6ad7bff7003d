using Olist.Pipeline.Speed.Orders;
using Olist.Pipeline.Speed.Topics;

namespace Olist.Functions.Speed;

/// <summary>What happens to an order goes to its entity: one signal per order and batch, with all that the batch tells of it.</summary>
/// <remarks>A batch that comes twice signals twice; the entity takes each thing in once.</remarks>
public sealed class OrderTracking(OrderUpdates updates)
{
    const string Brokers = "%Kafka:BrokerList%", Group = SpeedTopics.Group;

    [Function("track_order_events")]
    public Task Events(
        [KafkaTrigger(Brokers, "order_event", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => SignalAsync(client, updates.OfEvents(Records.Of(records)), cancellationToken);

    [Function("track_order_items")]
    public Task Items(
        [KafkaTrigger(Brokers, "order_item", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => SignalAsync(client, updates.OfItems(Records.Of(records)), cancellationToken);

    [Function("track_payments")]
    public Task Payments(
        [KafkaTrigger(Brokers, "payment", ConsumerGroup = Group, IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => SignalAsync(client, updates.OfPayments(Records.Of(records)), cancellationToken);

    static Task SignalAsync(DurableTaskClient client, IReadOnlyList<KeyValuePair<string, OrderUpdate>> updates, CancellationToken cancellationToken)
    {
        var signals = new Task[updates.Count];
        for (var i = 0; i < signals.Length; i++)
            signals[i] = client.Entities.SignalEntityAsync(OrderEntity.IdOf(updates[i].Key), nameof(OrderEntity.Apply), updates[i].Value, null, cancellationToken);
        return Task.WhenAll(signals);
    }
}
