using Olist.Pipeline.Queries;

namespace Olist.Functions.Serving;

/// <summary>One order: its way so far, what is in it, and how long each stage took.</summary>
public sealed class OrderEndpoints(OrderLookup orders)
{
    const int MaxIdLength = 64;

    [Function("orders_by_id")]
    public async Task<IActionResult> ById(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "orders/{orderId}")] HttpRequest request, string orderId, CancellationToken cancellationToken)
    {
        if (orderId.Length > MaxIdLength) return Answers.NotFound($"No order has an id of {orderId.Length} characters.");
        if (await orders.FindAsync(orderId, cancellationToken) is not { } order)
            return Answers.NotFound($"No order {orderId} has been taken in. A fresh one appears with the next batch run; see /api/runs.");
        return await Answers.OfAsync(() => Task.FromResult(OrderDocument.Of(orderId, order)));
    }
}
