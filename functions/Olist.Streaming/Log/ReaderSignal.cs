namespace Olist.Streaming.Log;

/// <summary>Wakes one waiting reader. Arm, look once more, then wait: what happens after arming is not missed.</summary>
sealed class ReaderSignal
{
    TaskCompletionSource? _waiting;

    public Task Arm()
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _waiting, waiting);
        // Full fence: the caller's look at the log must not move before the arming.
        Interlocked.MemoryBarrier();
        return waiting.Task;
    }

    public void Set()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waiting) is not null) Interlocked.Exchange(ref _waiting, null)?.TrySetResult();
    }
}
