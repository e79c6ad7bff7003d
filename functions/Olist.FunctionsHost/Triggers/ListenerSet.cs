using Olist.FunctionsHost.Invocation;

namespace Olist.FunctionsHost.Triggers;

/// <summary>All listeners of the host; started, drained and resumed together. For several threads.</summary>
sealed class ListenerSet(FunctionInvoker invoker) : IDisposable
{
    readonly Lock _gate = new();
    List<IFunctionListener> _listeners = [];
    Func<List<IFunctionListener>>? _create;
    Task? _stopping;

    public string DrainState
    {
        get
        {
            var stopping = Volatile.Read(ref _stopping);
            return stopping is null ? "Disabled" : stopping.IsCompleted && invoker.Running.Count == 0 ? "Completed" : "InProgress";
        }
    }

    public IReadOnlyList<IFunctionListener> All => _listeners;

    public void Start(Func<List<IFunctionListener>> create)
    {
        lock (_gate)
        {
            _create = create;
            _listeners = create();
            foreach (var listener in _listeners) listener.Start();
        }
    }

    /// <summary>Stops all listeners without cancelling what runs.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            return _stopping ??= Task.WhenAll(_listeners.Select(listener => listener.StopAsync()));
        }
    }

    public void Dispose()
    {
        foreach (var listener in _listeners) listener.Dispose();
    }

    /// <summary>After a drain: listens again. False when there was none, or it is still going on.</summary>
    public bool TryResume()
    {
        lock (_gate)
        {
            if (_stopping is not { IsCompleted: true } || _create is null) return false;
            _stopping = null;
            Dispose();
            _listeners = _create();
            foreach (var listener in _listeners) listener.Start();
            return true;
        }
    }
}
