namespace Olist.Functions.Tests.Soak;

/// <summary>A clock for the whole app that goes only when it is told to, and lets everything that waits by it go on at its time.</summary>
/// <remarks>Callbacks run on the thread pool, as those of the system's timers do: work that a timer begins goes on beside the simulation.</remarks>
sealed class SimulatedClock(DateTimeOffset start) : TimeProvider
{
    readonly Lock _gate = new();
    readonly SortedSet<(long Due, long Id, Timer Timer)> _waiting = new(Comparer<(long Due, long Id, Timer Timer)>.Create((x, y) => (x.Due, x.Id).CompareTo((y.Due, y.Id))));
    long _now = start.UtcTicks;
    long _lastId;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _now), TimeSpan.Zero);
    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void GoTo(DateTimeOffset target)
    {
        while (true)
        {
            Timer next;
            lock (_gate)
            {
                if (_waiting.Count == 0 || _waiting.Min.Due > target.UtcTicks)
                {
                    Interlocked.Exchange(ref _now, Math.Max(_now, target.UtcTicks));
                    return;
                }
                var (due, _, timer) = _waiting.Min;
                Interlocked.Exchange(ref _now, Math.Max(_now, due));
                (next = timer).Rearm();
            }
            next.Fire();
        }
    }

    sealed class Timer(SimulatedClock clock, TimerCallback callback, object? state) : ITimer
    {
        (long Due, long Id, Timer Timer)? _entry;
        long _due, _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                Leave();
                _period = period > TimeSpan.Zero ? period.Ticks : 0;
                if (dueTime >= TimeSpan.Zero) Enter(clock._now + dueTime.Ticks);
                return true;
            }
        }

        public void Rearm()
        {
            Leave();
            if (_period > 0) Enter(_due + _period);
        }

        public void Fire() => ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null);

        void Enter(long due)
        {
            _entry = (_due = due, ++clock._lastId, this);
            clock._waiting.Add(_entry.Value);
        }

        void Leave()
        {
            if (_entry is { } entry) clock._waiting.Remove(entry);
            _entry = null;
        }

        public void Dispose()
        {
            lock (clock._gate) Leave();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
