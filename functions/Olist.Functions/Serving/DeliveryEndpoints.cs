using Olist.Pipeline.Model;
using Olist.Pipeline.Queries;
using Olist.Pipeline.Speed.Live;
using Olist.Pipeline.Speed.Orders;

namespace Olist.Functions.Serving;

/// <summary>Where orders are on their way, and which of those that are late to save first.</summary>
public sealed class DeliveryEndpoints(GoldViews views, LiveOrders live, StreamFreshness freshness)
{
    /// <summary>One late order.</summary>
    /// <param name="Rank">1 is the one to act on first.</param>
    /// <param name="DaysLate">Calendar days since the estimated delivery.</param>
    public sealed record Late(
        int Rank, string OrderId, string? Group, long DaysLate, string Stage, string Amount, long Pieces, IReadOnlyList<string> ProductIds,
        string? Purchase, string? Approve, string? DeliveredCarrier, string? ShippingLimit, string? EstimatedDelivery);

    /// <summary>An order as the speed layer knows it; days of stages that are open are those so far.</summary>
    public sealed record Status(
        string OrderId, string Stage, bool LateCarrier, bool LateCustomer, string? Purchase, string? Approve, string? DeliveredCarrier, string? DeliveredCustomer, string? ShippingLimit, string? EstimatedDelivery,
        long? PurchaseToApprovalDays, long? ApprovalToCarrierDays, long? CarrierToCustomerDays, long? CarrierDeliveryDelayDays, long? CustomerDeliveryDelayDays);

    [Function("delivery_late")]
    public Task<IActionResult> LateOnes([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "delivery/late")] HttpRequest request, CancellationToken cancellationToken) =>
        Answers.OfAsync(async () =>
        {
            var page = PageRequest.Of(request);
            var group = GroupOf(request);
            var (batch, batchAsOf) = await views.OpenOrders.GetAsync(cancellationToken);
            var (sales, salesAsOf) = await views.Sales.GetAsync(cancellationToken);
            var late = LateOrders.Rank(batch, sales, live).Where(order => group is null || order.Group == group).ToArray();
            return page.Cut(late, batchAsOf.And(salesAsOf) with { Stream = freshness.Now() }, Shape);
        });

    /// <summary>Newest first; <c>stage</c> and <c>orderId</c> narrow it down.</summary>
    [Function("delivery_status")]
    public Task<IActionResult> StatusOfAll([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "delivery/status")] HttpRequest request, CancellationToken cancellationToken) =>
        Answers.OfAsync(() =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = PageRequest.Of(request);
            var stage = StageOf(request);
            var candidates = request.Query["orderId"].FirstOrDefault() is { Length: > 0 } id ? live.Find(id) is { } one ? [one] : []
                : stage is null or OrderStage.Delivered ? live.All() : live.Open();
            var orders = candidates
                .Where(order => stage is null || OrderStages.Of(order.Times) == stage)
                .OrderByDescending(order => order.Times.LastHappened).ThenBy(order => order.OrderId, StringComparer.Ordinal).ToArray();
            return Task.FromResult(page.Cut(orders, new AsOf([], freshness.Now()), (order, _) => Shape(order)));
        });

    static Late Shape(LateOrder late, int rank)
    {
        var times = late.Order.Times;
        return new Late(rank, late.Order.OrderId, late.Group, late.DaysLate, OrderStages.NameOf(OrderStages.Of(times)), Answers.Money(late.Order.AmountCents), late.Order.Pieces, late.Order.ProductIds,
            Answers.Time(times.Purchase), Answers.Time(times.Approve), Answers.Time(times.DeliveredCarrier), Answers.Time(times.ShippingLimit), Answers.Time(times.EstimatedDelivery));
    }

    Status Shape(DeliveryStatus order)
    {
        var (times, now) = (order.Times, live.TimeOf(order));
        var (days, late) = (StageDays.AsOf(times, now), Lateness.Of(times, now));
        return new Status(order.OrderId, OrderStages.NameOf(OrderStages.Of(times)), late.Carrier, late.Customer,
            Answers.Time(times.Purchase), Answers.Time(times.Approve), Answers.Time(times.DeliveredCarrier), Answers.Time(times.DeliveredCustomer), Answers.Time(times.ShippingLimit), Answers.Time(times.EstimatedDelivery),
            days.PurchaseToApproval, days.ApprovalToCarrier, days.CarrierToCustomer, days.CarrierDeliveryDelay, days.CustomerDeliveryDelay);
    }

    static OrderStage? StageOf(HttpRequest request)
    {
        if (!request.Query.TryGetValue("stage", out var text) || text.Count == 0) return null;
        return OrderStages.Find(text.ToString()) ?? throw new BadRequestException($"stage is '{text}'; expected one of {string.Join(", ", OrderStages.AllNames)}.");
    }

    static string? GroupOf(HttpRequest request)
    {
        if (!request.Query.TryGetValue("group", out var text) || text.Count == 0) return null;
        return PortfolioGroup.ByWorth.FirstOrDefault(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase))
            ?? throw new BadRequestException($"group is '{text}'; expected one of {string.Join(", ", PortfolioGroup.ByWorth)}.");
    }
}
