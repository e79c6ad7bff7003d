namespace Olist.FunctionsHost.Durable.Replay;

/// <summary>
/// Keeps an orchestrator on the one thread that replays it: its continuations are queued here and run in order by <see cref="Drain"/>.
/// A continuation that comes from another thread means that something else than a durable task was awaited.
/// </summary>
sealed class OrchestratorThread(Action onForeignContinuation) : SynchronizationContext
{
    [ThreadStatic]
    static OrchestratorThread? _current;

    readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();

    public bool IsHere => _current == this;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsHere) _queue.Enqueue((d, state));
        else onForeignContinuation();
    }

    public override void Send(SendOrPostCallback d, object? state) => Post(d, state);

    public override SynchronizationContext CreateCopy() => this;

    public void Drain()
    {
        while (_queue.TryDequeue(out var next)) next.Callback(next.State);
    }

    /// <summary>Makes this the context of the calling thread for the time of the action.</summary>
    public void Run(Action action)
    {
        var (context, thread) = (Current, _current);
        _current = this;
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(context);
            _current = thread;
        }
    }
}
