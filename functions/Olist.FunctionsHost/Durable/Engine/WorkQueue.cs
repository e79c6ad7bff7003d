using System.Collections.Concurrent;
using Olist.FunctionsHost.Invocation;

namespace Olist.FunctionsHost.Durable.Engine;

/// <summary>Runs asynchronous work, so many at a time; the rest waits without a thread. For several threads.</summary>
sealed class WorkQueue(int limit, IWorkThreads threads)
{
    readonly ConcurrentQueue<Func<Task>> _waiting = new();
    int _running;

    /// <summary>Starts the work, or keeps it until another has ended. It must not throw.</summary>
    public void Add(Func<Task> work)
    {
        _waiting.Enqueue(work);
        StartWaiting();
    }

    void StartWaiting()
    {
        while (!_waiting.IsEmpty)
        {
            if (Interlocked.Increment(ref _running) > limit)
            {
                Interlocked.Decrement(ref _running);
                // One that has just ended may have looked before this work was added.
                if (Volatile.Read(ref _running) < limit && !_waiting.IsEmpty) continue;
                return;
            }
            if (!_waiting.TryDequeue(out var work))
            {
                Interlocked.Decrement(ref _running);
                continue;
            }
            threads.Queue(static state => _ = state.Queue.RunAsync(state.Work), (Queue: this, Work: work));
        }
    }

    async Task RunAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            StartWaiting();
        }
    }
}
