namespace Olist.FunctionsHost.Triggers;

/// <summary>Tells a listener's loop to end. Disposing of it tells it too, and the loop may go on looking at it afterwards.</summary>
sealed class StopSignal : IDisposable
{
    readonly CancellationTokenSource _source = new();

    public StopSignal() => Token = _source.Token;

    public CancellationToken Token { get; }

    public bool IsSet => Token.IsCancellationRequested;

    public Task SetAsync() => IsSet ? Task.CompletedTask : _source.CancelAsync();

    public void Dispose()
    {
        if (!IsSet) _source.Cancel();
        _source.Dispose();
    }
}
