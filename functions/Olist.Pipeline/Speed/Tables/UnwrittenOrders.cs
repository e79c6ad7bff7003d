using Olist.Pipeline.Speed.Live;
using Olist.Pipeline.Speed.Orders;

namespace Olist.Pipeline.Speed.Tables;

/// <summary>Orders of the live view that changed since this instance last wrote them to the table, so that the topic need not be read once more for them.</summary>
/// <remarks>Whether the last refresh was committed is told by the table alone: it stands where that refresh began, or where it led to. Standing elsewhere (after a start, or when another instance
/// refreshed it) it has to be brought up from the topic. Not for several threads.</remarks>
sealed class UnwrittenOrders(LiveOrders live)
{
    readonly Dictionary<string, DeliveryStatus> _orders = new(StringComparer.Ordinal);
    IReadOnlyDictionary<int, long>? _from = new Dictionary<int, long>(), _to; // A view has everything that a table has which has nothing.

    /// <summary>As the view has them, at least as new as the position that they were taken with.</summary>
    public IEnumerable<DeliveryStatus> Orders => _orders.Values;

    /// <summary>Whether a view has taken in all that the table has.</summary>
    /// <param name="table">The next offset of each partition of which the table has anything.</param>
    /// <param name="position">The same of the view.</param>
    public static bool IsAbreast(IReadOnlyDictionary<int, long> table, IReadOnlyDictionary<int, long> position) =>
        table.All(next => position.GetValueOrDefault(next.Key) >= next.Value);

    /// <summary>Takes over what the view has.</summary>
    /// <param name="table">Where the table stands.</param>
    /// <param name="position">Where the view stood a moment ago.</param>
    /// <returns>Where the table will stand, of partitions that tell more; <see langword="null"/> when the topic has to be read.</returns>
    public Dictionary<int, long>? TryTake(IReadOnlyDictionary<int, long> table, IReadOnlyDictionary<int, long> position)
    {
        var changed = live.TakeChanged();
        var isWhereItWas = AreSame(table, _from); // Asked first: a refresh that led nowhere may not have been committed.
        if (!isWhereItWas) _orders.Clear();
        if (!IsAbreast(table, position) || !(isWhereItWas || AreSame(table, _to)))
        {
            _orders.Clear();
            (_from, _to) = (null, null); // What the view had is not kept: until the topic was read, nothing is known.
            return null;
        }
        foreach (var order in changed) _orders[order.OrderId] = order;
        var next = position.Where(partition => partition.Value > table.GetValueOrDefault(partition.Key)).ToDictionary();
        (_from, _to) = (table, After(table, next));
        return next;
    }

    /// <summary>The topic was read instead, from where the table stands.</summary>
    public void Begin(IReadOnlyDictionary<int, long> table, IReadOnlyDictionary<int, long> next) => (_from, _to) = (null, After(table, next));

    static Dictionary<int, long> After(IReadOnlyDictionary<int, long> table, IReadOnlyDictionary<int, long> next)
    {
        var after = new Dictionary<int, long>(table);
        foreach (var (partition, offset) in next) after[partition] = offset;
        return after;
    }

    static bool AreSame(IReadOnlyDictionary<int, long> one, IReadOnlyDictionary<int, long>? other) =>
        other is not null && one.Count == other.Count && one.All(partition => other.TryGetValue(partition.Key, out var offset) && offset == partition.Value);
}
