using Olist.FunctionsHost.Durable.Instances;

namespace Olist.FunctionsHost.Durable.Replay;

/// <summary>
/// External events of one run: a raised event completes the newest waiter of its name (without case), else it is kept until somebody waits.
/// </summary>
sealed class ExternalEvents
{
    readonly Dictionary<string, List<TaskCompletionSource<string?>>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    readonly List<HistoryEvent> _unread = [];

    public bool HasWaiters => _waiters.Values.Any(waiters => waiters.Count > 0);

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<HistoryEvent> Unread => _unread;

    public Task<string?> WaitAsync(string name, CancellationToken cancellationToken)
    {
        var kept = _unread.FindIndex(raised => string.Equals(raised.Name, name, StringComparison.OrdinalIgnoreCase));
        if (kept >= 0)
        {
            var data = _unread[kept].Data;
            _unread.RemoveAt(kept);
            return Task.FromResult(data);
        }
        var waiter = new TaskCompletionSource<string?>();
        if (!_waiters.TryGetValue(name, out var waiters)) _waiters[name] = waiters = [];
        waiters.Add(waiter);
        if (cancellationToken.CanBeCanceled)
            cancellationToken.Register(() =>
            {
                if (waiters.Remove(waiter)) waiter.TrySetCanceled(cancellationToken);
            });
        return waiter.Task;
    }

    public void Raise(HistoryEvent raised)
    {
        if (_waiters.TryGetValue(raised.Name ?? "", out var waiters) && waiters.Count > 0)
        {
            var newest = waiters[^1];
            waiters.RemoveAt(waiters.Count - 1);
            newest.SetResult(raised.Data);
        }
        else _unread.Add(raised);
    }
}
