namespace Olist.FunctionsHost.Durable.Engine;

/// <summary>Things to do at a time: one timer of the clock for all of them. For several threads.</summary>
sealed class DueTimers : IDisposable
{
    // Timers of the clock take 49 days at most.
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(7);

    readonly Lock _gate = new();
    readonly PriorityQueue<Action, DateTime> _due = new();
    readonly TimeProvider _time;
    readonly ITimer _timer;
    DateTime _armedFor = DateTime.MaxValue;
    bool _disposed;

    public DueTimers(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(DateTime at, Action action)
    {
        lock (_gate)
        {
            _due.Enqueue(action, at);
            if (at < _armedFor) Arm();
        }
    }

    public void Dispose()
    {
        lock (_gate) _disposed = true;
        _timer.Dispose();
    }

    void Fire()
    {
        List<Action> ready = [];
        lock (_gate)
        {
            var now = _time.GetUtcNow().UtcDateTime;
            while (_due.TryPeek(out var action, out var at) && at <= now)
            {
                _due.Dequeue();
                ready.Add(action);
            }
            Arm();
        }
        foreach (var action in ready) action();
    }

    void Arm()
    {
        if (_disposed || !_due.TryPeek(out _, out var next))
        {
            _armedFor = DateTime.MaxValue;
            return;
        }
        _armedFor = next;
        var wait = next - _time.GetUtcNow().UtcDateTime;
        _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait, Timeout.InfiniteTimeSpan);
    }
}
