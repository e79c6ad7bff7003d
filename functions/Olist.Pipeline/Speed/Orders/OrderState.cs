using System.Text.Json.Serialization;

namespace Olist.Pipeline.Speed.Orders;

/// <summary>All that the speed layer keeps of one order; the state of its entity, as JSON with names of one letter, because there are millions of them.</summary>
/// <remarks>Updates commute and repeat without effect. Not for several threads: an entity runs one operation at a time.</remarks>
[JsonConverter(typeof(OrderStateJson))]
public sealed class OrderState
{
    public OrderTimes Times { get; set; }

    /// <summary>When the latest message that changed the order's times entered the log, Unix milliseconds: where the simulated clock starts from.</summary>
    public long ArrivedMs { get; set; }

    /// <summary>By number of the piece.</summary>
    public SortedDictionary<int, OrderItem>? Items { get; set; }

    public string? CustomerId { get; set; }

    /// <summary>What was last published of its promises.</summary>
    public Lateness Late { get; set; }

    /// <summary>Rises by one with every change.</summary>
    public long Version { get; set; }

    /// <summary>Takes an update in.</summary>
    /// <returns>What it changed.</returns>
    public OrderChange Apply(OrderUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        var change = OrderChange.None;
        var merged = Times.Merge(update.Times);
        if (merged != Times)
        {
            Times = merged;
            ArrivedMs = Math.Max(ArrivedMs, update.ArrivedMs);
            change |= OrderChange.Times;
        }
        if (update.Items is { } items)
            foreach (var item in items)
            {
                if (Items?.GetValueOrDefault(item.Id) == item) continue;
                (Items ??= [])[item.Id] = item;
                change |= OrderChange.Contents;
            }
        if (update.CustomerId is { } customer && customer != CustomerId)
        {
            CustomerId = customer;
            change |= OrderChange.Contents;
        }
        if (change != OrderChange.None) Version++;
        return change;
    }

    /// <summary>Judges the promises as of an instant.</summary>
    /// <returns>Whether one was broken, or one that seemed broken was kept after all (its late message came).</returns>
    public bool Judge(long nowMicros)
    {
        var late = Lateness.Of(Times, nowMicros);
        if (late == Late) return false;
        Late = late;
        Version++;
        return true;
    }

    /// <summary>The pieces, grouped as <c>customer_order</c> has them.</summary>
    public IEnumerable<OrderLine> Lines() => (Items?.Values ?? Enumerable.Empty<OrderItem>())
        .GroupBy(item => (item.ProductId, item.SellerId, item.PriceCents))
        .Select(line => new OrderLine(line.Key.ProductId, line.Key.SellerId, line.Key.PriceCents, line.Count()));
}

/// <summary>What an update changed.</summary>
[Flags]
public enum OrderChange
{
    None = 0,
    Times = 1,
    Contents = 2,
}

/// <summary>Pieces of one product, from one seller, at one price in an order.</summary>
public sealed record OrderLine(string ProductId, string SellerId, long PriceCents, long Quantity);
