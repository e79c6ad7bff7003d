using Olist.Functions.Speed;
using Olist.Pipeline.Queries;
using Olist.Pipeline.Speed.Live;
using Olist.Pipeline.Speed.Orders;

namespace Olist.Functions.Serving;

/// <summary>One order: its way so far, what is in it, and how long each stage took.</summary>
/// <remarks>Batch first: an order that the batch layer knows is served from there, with what the stream knows later; one that it has not seen comes from the stream.</remarks>
public sealed class OrderEndpoints(OrderLookup orders, LiveOrders live, StreamFreshness freshness)
{
    const int MaxIdLength = 64;

    [Function("orders_by_id")]
    public async Task<IActionResult> ById(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "orders/{orderId}")] HttpRequest request, string orderId,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (orderId.Length > MaxIdLength) return Answers.NotFound($"No order has an id of {orderId.Length} characters.");
        var status = live.Find(orderId);
        var order = await orders.FindAsync(orderId, cancellationToken);
        if (order is null && status is null) return Answers.NotFound($"No order {orderId} has been taken in.");
        var state = order is null ? (await client.Entities.GetEntityAsync<OrderState>(OrderEntity.IdOf(orderId), cancellation: cancellationToken))?.State : null;
        return await Answers.OfAsync(() => Task.FromResult(OrderDocument.Of(orderId, order, status, state, live, freshness.Now())));
    }
}
