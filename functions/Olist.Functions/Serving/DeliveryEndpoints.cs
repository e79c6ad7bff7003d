using Olist.Pipeline.Model;
using Olist.Pipeline.Queries;

namespace Olist.Functions.Serving;

/// <summary>Orders that should be with their customer and are not, the costliest first: which one to save first.</summary>
public sealed class DeliveryEndpoints(GoldViews views, PipelineClock clock)
{
    /// <summary>One late order.</summary>
    /// <param name="Rank">1 is the one to act on first.</param>
    /// <param name="DaysLate">Calendar days since the estimated delivery.</param>
    public sealed record LateOrder(
        int Rank, string OrderId, string? Group, long DaysLate, string Stage, string Amount, long Pieces, IReadOnlyList<string> ProductIds,
        string? Purchase, string? Approve, string? DeliveredCarrier, string? ShippingLimit, string? EstimatedDelivery);

    [Function("delivery_late")]
    public Task<IActionResult> Late([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "delivery/late")] HttpRequest request, CancellationToken cancellationToken) =>
        Answers.OfAsync(async () =>
        {
            var page = PageRequest.Of(request);
            var group = GroupOf(request);
            var (view, asOf) = await views.LateOrders.GetAsync(cancellationToken);
            var now = clock.NowMicros(view.LastEvent);
            var late = view.Open
                .Where(order => order.EstimatedDelivery < now && (group is null || order.Group == group))
                .Select(order => (Order: order, Days: LeadDays.Between(order.EstimatedDelivery!.Value, now)))
                .OrderBy(entry => WorthOf(entry.Order.Group)).ThenByDescending(entry => entry.Days)
                .ThenByDescending(entry => entry.Order.AmountCents).ThenBy(entry => entry.Order.OrderId, StringComparer.Ordinal)
                .ToArray();
            return page.Cut(late, asOf, (entry, rank) => Shape(entry.Order, entry.Days, rank));
        });

    static LateOrder Shape(OpenOrder order, long daysLate, int rank) => new(
        rank, order.OrderId, order.Group, daysLate, StageOf(order), Answers.Money(order.AmountCents), order.Pieces, order.ProductIds,
        Answers.Time(order.Purchase), Answers.Time(order.Approve), Answers.Time(order.DeliveredCarrier), Answers.Time(order.ShippingLimit), Answers.Time(order.EstimatedDelivery));

    /// <summary>What the order waits for.</summary>
    static string StageOf(OpenOrder order) =>
        order.DeliveredCarrier is not null ? "carrierToCustomer" : order.Approve is not null ? "approvalToCarrier" : "purchaseToApproval";

    /// <summary>Products that have never been sold come last.</summary>
    static int WorthOf(string? group)
    {
        for (var rank = 0; rank < PortfolioGroup.ByWorth.Count; rank++)
            if (PortfolioGroup.ByWorth[rank] == group) return rank;
        return PortfolioGroup.ByWorth.Count;
    }

    static string? GroupOf(HttpRequest request)
    {
        if (!request.Query.TryGetValue("group", out var text) || text.Count == 0) return null;
        return PortfolioGroup.ByWorth.FirstOrDefault(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase))
            ?? throw new BadRequestException($"group is '{text}'; expected one of {string.Join(", ", PortfolioGroup.ByWorth)}.");
    }
}
