namespace Olist.Streaming.Log;

#pragma warning disable CA1001 // A semaphore whose wait handle is never asked for holds nothing to dispose.
/// <summary>Group commit: callers that come while a sync runs share the next one.</summary>
sealed class GroupSync(Action sync)
#pragma warning restore CA1001
{
    readonly SemaphoreSlim _gate = new(1, 1);
    long _requested;
    long _done;

    /// <summary>Returns when a sync that began after this call has ended.</summary>
    public async ValueTask WaitAsync()
    {
        var ticket = Interlocked.Increment(ref _requested);
        await _gate.WaitAsync();
        try
        {
            if (_done >= ticket) return;
            var covered = Volatile.Read(ref _requested);
            await Task.Run(sync);
            _done = covered;
        }
        finally
        {
            _gate.Release();
        }
    }
}
