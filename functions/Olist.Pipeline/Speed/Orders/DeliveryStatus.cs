namespace Olist.Pipeline.Speed.Orders;

/// <summary>All that the speed layer knows of one order: a record of the topic <c>delivery_status</c>, and a row of the live view.</summary>
/// <param name="Version">Rises with every change. Does not tell which of two records is the later one: what an entity told and then forgot, because it was killed before its state was kept, may have the version of what it tells next.</param>
/// <param name="ArrivedMs">When the latest message that changed the times entered the log, Unix milliseconds.</param>
/// <param name="Late">Broken promises, by the pipeline's clock when this was written.</param>
/// <param name="CustomerId"><see langword="null"/> until a payment names one.</param>
/// <param name="ProductIds">Distinct, sorted.</param>
/// <param name="AmountCents">Prices of all pieces in hundredths of a real.</param>
/// <param name="Offset">Where it lies in its partition of the topic, which is the same for all of an order: of two of one order the one with the higher offset counts. -1 for one that was not read from the topic.</param>
public sealed record DeliveryStatus(
    string OrderId, long Version, long ArrivedMs, OrderTimes Times, Lateness Late, string? CustomerId, IReadOnlyList<string> ProductIds, long Pieces, long AmountCents, long Offset = -1)
{
    public static DeliveryStatus Of(string orderId, OrderState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var items = state.Items?.Values;
        return new DeliveryStatus(orderId, state.Version, state.ArrivedMs, state.Times, state.Late, state.CustomerId, Products(items), items?.Count ?? 0, items?.Sum(item => item.PriceCents) ?? 0);
    }

    static string[] Products(IReadOnlyCollection<OrderItem>? items) => items switch
    {
        null or { Count: 0 } => [],
        { Count: 1 } => [items.First().ProductId], // Nine of ten orders.
        _ => [.. items.Select(item => item.ProductId).Distinct().Order(StringComparer.Ordinal)],
    };
}
