using System.Runtime.InteropServices;
using System.Text;
using Olist.Pipeline.Speed.Orders;

namespace Olist.Pipeline.Speed.Live;

/// <summary>Every order's latest state, in memory: what <c>delivery_status</c> has told so far. Each instance of the app builds its own.</summary>
/// <remarks>Safe for many threads. Which orders are late is kept up as time passes, without looking at all of them: an order waits in a queue until the moment its next promise breaks.</remarks>
public sealed class LiveOrders
{
    readonly Lock _gate = new();
    readonly Dictionary<string, Known> _orders = new(StringComparer.Ordinal);
    readonly Dictionary<string, Known>.AlternateLookup<ReadOnlySpan<char>> _byText;
    readonly List<string> _changed = [];
    readonly HashSet<string> _open = new(StringComparer.Ordinal);
    readonly HashSet<string> _late = new(StringComparer.Ordinal);
    readonly HashSet<string> _untold = new(StringComparer.Ordinal);
    readonly PriorityQueue<(string OrderId, long Offset), long> _due = new();
    long _lastEvent;

    /// <param name="Status">The latest.</param>
    /// <param name="IsChanged">Whether the order is on the list of those that changed.</param>
    record struct Known(DeliveryStatus Status, bool IsChanged);

    public LiveOrders(PipelineClock clock)
    {
        Clock = clock;
        _byText = _orders.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public PipelineClock Clock { get; }

    /// <summary>Orders known.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _orders.Count;
        }
    }

    /// <summary>The latest thing that has happened to any order, microseconds since 1970: the event clock. 0 without orders.</summary>
    public long LastEvent => Volatile.Read(ref _lastEvent);

    /// <summary>Takes records of the topic in, in any order; an earlier record of an order than the known one changes nothing.</summary>
    public void Take(IReadOnlyList<DeliveryStatus> statuses)
    {
        ArgumentNullException.ThrowIfNull(statuses);
        lock (_gate)
        {
            foreach (var status in statuses) Take(status);
        }
    }

    void Take(DeliveryStatus status)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_orders, status.OrderId, out var isKnown);
        if (isKnown && known.Status.Offset >= status.Offset) return;
        if (!known.IsChanged) _changed.Add(status.OrderId);
        known = new Known(status, IsChanged: true);
        if (status.Times.LastHappened is { } happened && happened > _lastEvent) Volatile.Write(ref _lastEvent, happened);
        if (status.Times.DeliveredCustomer is null) _open.Add(status.OrderId);
        else _open.Remove(status.OrderId);
        Judge(status, Clock.AxisNow(_lastEvent));
    }

    /// <summary>What is late as of a moment, what the topic has not been told of it yet, and when to look again.</summary>
    void Judge(DeliveryStatus status, long axis)
    {
        var now = Clock.OrderTime(status.Times, status.ArrivedMs, axis);
        var late = Lateness.Of(status.Times, now);
        if (late.Customer && status.Times.DeliveredCustomer is null) _late.Add(status.OrderId);
        else _late.Remove(status.OrderId);
        if (late != status.Late) _untold.Add(status.OrderId);
        else _untold.Remove(status.OrderId);
        if (Lateness.NextDue(status.Times, now) is { } due)
            _due.Enqueue((status.OrderId, status.Offset), Clock.AxisOf(status.Times, status.ArrivedMs, due));
    }

    /// <summary>Moves time on: only orders whose moment has come are looked at.</summary>
    void Advance()
    {
        var axis = Clock.AxisNow(_lastEvent);
        while (_due.TryPeek(out var entry, out var due) && due < axis)
        {
            _due.Dequeue();
            if (_orders.TryGetValue(entry.OrderId, out var known) && known.Status.Offset == entry.Offset) Judge(known.Status, axis);
        }
    }

    /// <returns><see langword="null"/> for an order that the stream has not told of.</returns>
    public DeliveryStatus? Find(string orderId)
    {
        lock (_gate) return _orders.GetValueOrDefault(orderId).Status;
    }

    /// <summary>The text of an order's id; that which the view has already, if it knows the order: an order is told of again and again.</summary>
    public string IdOf(ReadOnlySpan<byte> utf8)
    {
        Span<char> id = stackalloc char[64];
        if (utf8.Length > id.Length || !Encoding.UTF8.TryGetChars(utf8, id, out var length)) return Encoding.UTF8.GetString(utf8);
        lock (_gate) return _byText.TryGetValue(id[..length], out var known) ? known.Status.OrderId : new string(id[..length]);
    }

    /// <summary>The order's time now.</summary>
    public long TimeOf(DeliveryStatus status) => TimeOf(status.Times, status.ArrivedMs);

    /// <summary>The same for times from elsewhere; without <paramref name="arrivedMs"/> for an order that the stream has not told of.</summary>
    public long TimeOf(in OrderTimes times, long? arrivedMs) => Clock.OrderTime(times, arrivedMs, Clock.AxisNow(LastEvent));

    /// <summary>Orders that are not delivered and whose estimated delivery has gone by.</summary>
    public IReadOnlyList<DeliveryStatus> Late() => Select(_late);

    /// <summary>Orders that are not delivered.</summary>
    public IReadOnlyList<DeliveryStatus> Open() => Select(_open);

    public IReadOnlyList<DeliveryStatus> All()
    {
        lock (_gate) return [.. _orders.Values.Select(known => known.Status)];
    }

    /// <summary>Orders that were told of anew since this was last asked, as they are now. For one asker.</summary>
    public IReadOnlyList<DeliveryStatus> TakeChanged()
    {
        lock (_gate)
        {
            var changed = new DeliveryStatus[_changed.Count];
            for (var i = 0; i < changed.Length; i++)
            {
                ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_orders, _changed[i]);
                known.IsChanged = false;
                changed[i] = known.Status;
            }
            _changed.Clear();
            return changed;
        }
    }

    /// <summary>Orders of which a promise has been broken (or was kept after all) by time alone, so that their record in the topic is behind.</summary>
    public IReadOnlyList<DeliveryStatus> Untold() => Select(_untold);

    DeliveryStatus[] Select(HashSet<string> ids)
    {
        lock (_gate)
        {
            Advance();
            return [.. ids.Select(id => _orders[id].Status)];
        }
    }
}
