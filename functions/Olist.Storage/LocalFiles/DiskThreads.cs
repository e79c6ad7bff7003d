namespace Olist.Storage.LocalFiles;

/// <summary>Threads that wait for the disk, so that those that compute need not; flushes that are under way at the same time share the disk's own flush.</summary>
static class DiskThreads
{
    /// <summary>More than there are processors: they hardly ever run.</summary>
    const int Most = 8;

    // A monitor, because what else waits spins first, which costs the processor more than the work that comes.
    static readonly object Gate = new();
    static readonly Queue<(Action Work, TaskCompletionSource Done)> Waiting = new();
    static int _threads, _idle;

    /// <summary>Completes, or fails, when the work is done on one of the threads.</summary>
    public static Task RunAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (Gate)
        {
            Waiting.Enqueue((work, done));
            if (_idle >= Waiting.Count) Monitor.Pulse(Gate);
            else if (_threads < Most)
            {
                _threads++;
                new Thread(Serve) { IsBackground = true, Name = "disk" }.Start();
            }
        }
        return done.Task;
    }

    static void Serve()
    {
        while (true)
        {
            (Action Work, TaskCompletionSource Done) next;
            lock (Gate)
            {
                _idle++;
                while (!Waiting.TryDequeue(out next)) Monitor.Wait(Gate);
                _idle--;
            }
            try
            {
                next.Work();
                next.Done.SetResult();
            }
            catch (Exception exception)
            {
                next.Done.SetException(exception);
            }
        }
    }
}
