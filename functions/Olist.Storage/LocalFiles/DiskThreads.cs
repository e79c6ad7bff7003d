using System.Collections.Concurrent;

namespace Olist.Storage.LocalFiles;

/// <summary>Threads that wait for the disk, so that those that compute need not; flushes that are under way at the same time share the disk's own flush.</summary>
static class DiskThreads
{
    /// <summary>More than there are processors: they hardly ever run.</summary>
    const int Most = 8;

    static readonly BlockingCollection<(Action Work, TaskCompletionSource Done)> Queue = [];
    static int _threads, _idle;

    /// <summary>Completes, or fails, when the work is done on one of the threads.</summary>
    public static Task RunAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Queue.Add((work, done));
        if (Volatile.Read(ref _idle) < Queue.Count && Volatile.Read(ref _threads) < Most)
        {
            if (Interlocked.Increment(ref _threads) <= Most) new Thread(Serve) { IsBackground = true, Name = "disk" }.Start();
            else Interlocked.Decrement(ref _threads);
        }
        return done.Task;
    }

    static void Serve()
    {
        while (true)
        {
            Interlocked.Increment(ref _idle);
            var (work, done) = Queue.Take();
            Interlocked.Decrement(ref _idle);
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }
    }
}
