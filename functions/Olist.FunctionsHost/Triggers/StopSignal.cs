namespace Olist.FunctionsHost.Triggers;

/// <summary>Tells a listener's loop to end. Disposing of it tells it too, and the loop may go on looking at it afterwards.</summary>
sealed class StopSignal : IDisposable
{
    readonly CancellationTokenSource _source = new();

    public StopSignal() => Token = _source.Token;

    public CancellationToken Token { get; }

    public bool IsSet => Token.IsCancellationRequested;

    /// <summary>What waits for it is the listener's own, so it is woken right here.</summary>
    public void Set()
    {
        if (!IsSet) _source.Cancel();
    }

    public void Dispose()
    {
        Set();
        _source.Dispose();
    }
}
