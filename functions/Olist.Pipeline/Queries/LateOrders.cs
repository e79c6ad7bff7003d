using Olist.Pipeline.Model;
using Olist.Pipeline.Speed.Live;
using Olist.Pipeline.Speed.Orders;

namespace Olist.Pipeline.Queries;

/// <summary>An order that should be with its customer and is not.</summary>
/// <param name="Group">The best portfolio group among its products; <see langword="null"/> when none of them has been sold before.</param>
/// <param name="DaysLate">Calendar days since the estimated delivery, by the pipeline's clock.</param>
public sealed record LateOrder(OpenOrder Order, string? Group, long DaysLate);

/// <summary>What is late now (speed layer, batch layer where the stream knows nothing later) joined with what each product is worth (batch layer): which order to save first.</summary>
public static class LateOrders
{
    /// <summary>The costliest first: by group, then days late, then money.</summary>
    public static IReadOnlyList<LateOrder> Rank(OpenOrdersView batch, SalesView sales, LiveOrders live)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(live);
        var late = new List<LateOrder>();
        foreach (var status in live.Late())
            if (batch.Find(status.OrderId) is null && !batch.IsDelivered(status.OrderId))
                Add(new OpenOrder(status.OrderId, status.Times, status.Pieces, status.AmountCents, status.ProductIds), status.ArrivedMs);
        foreach (var order in batch.Open)
        {
            var status = live.Find(order.OrderId);
            Add(status is null ? order : order with { Times = order.Times.Merge(status.Times) }, status?.ArrivedMs);
        }
        return [.. late.OrderBy(order => WorthOf(order.Group)).ThenByDescending(order => order.DaysLate)
            .ThenByDescending(order => order.Order.AmountCents).ThenBy(order => order.Order.OrderId, StringComparer.Ordinal)];

        void Add(OpenOrder order, long? arrivedMs)
        {
            var now = Math.Max(live.TimeOf(order.Times, arrivedMs), live.Clock.Kind == ClockKind.Event ? batch.LastEvent : 0);
            if (order.Times.DeliveredCustomer is null && Lateness.Of(order.Times, now).Customer)
                late.Add(new LateOrder(order, PortfolioMatrix.Best(order.ProductIds.Select(product => sales.LatestGroups.GetValueOrDefault(product))),
                    LeadDays.Between(order.Times.EstimatedDelivery!.Value, now)));
        }
    }

    /// <summary>Products that have never been sold come last.</summary>
    static int WorthOf(string? group)
    {
        for (var rank = 0; rank < PortfolioGroup.ByWorth.Count; rank++)
            if (PortfolioGroup.ByWorth[rank] == group) return rank;
        return PortfolioGroup.ByWorth.Count;
    }
}
