namespace Olist.FunctionsHost.Durable.Entities;

/// <summary>When entities have something to do: 16 bytes each, one timer of the clock for all. For several threads.</summary>
sealed class EntityTimers : IDisposable
{
    const int AtOnce = 4096;

    // Timers of the clock take 49 days at most.
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(7);

    readonly Lock _gate = new();
    readonly PriorityQueue<ulong, long> _due = new();
    readonly TimeProvider _time;
    readonly Action<IReadOnlyList<ulong>> _onDue;
    readonly ITimer _timer;
    long _armedFor = long.MaxValue;
    bool _runs;

    public EntityTimers(TimeProvider time, Action<IReadOnlyList<ulong>> onDue)
    {
        (_time, _onDue) = (time, onDue);
        _timer = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_gate) return _due.Count;
        }
    }

    public void Add(ulong hash, long ticks)
    {
        lock (_gate)
        {
            _due.Enqueue(hash, ticks);
            if (ticks < _armedFor) Arm();
        }
    }

    public void Start()
    {
        lock (_gate)
        {
            _runs = true;
            Arm();
        }
    }

    public void Dispose()
    {
        lock (_gate) _runs = false;
        _timer.Dispose();
    }

    void Fire()
    {
        List<ulong> ready = [];
        lock (_gate)
        {
            if (!_runs) return;
            var now = _time.GetUtcNow().UtcTicks;
            while (ready.Count < AtOnce && _due.TryPeek(out var hash, out var at) && at <= now)
            {
                _due.Dequeue();
                ready.Add(hash);
            }
            Arm();
        }
        if (ready.Count > 0) _onDue(ready);
    }

    void Arm()
    {
        if (!_runs || !_due.TryPeek(out _, out var next))
        {
            _armedFor = long.MaxValue;
            return;
        }
        _armedFor = next;
        var wait = TimeSpan.FromTicks(next - _time.GetUtcNow().UtcTicks);
        _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait, Timeout.InfiniteTimeSpan);
    }
}
