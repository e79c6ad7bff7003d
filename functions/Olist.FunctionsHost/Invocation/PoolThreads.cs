namespace Olist.FunctionsHost.Invocation;

/// <summary>The thread pool, and a thread for each loop.</summary>
sealed class PoolThreads : IWorkThreads
{
    public int Cores => Environment.ProcessorCount;

    public void Queue<TState>(Action<TState> work, TState state) => ThreadPool.UnsafeQueueUserWorkItem(work, state, preferLocal: false);

    public Task RunAsync(Func<Task> work) => Task.Run(work);

    public Task<T> RunAsync<T>(Func<Task<T>> work) => Task.Run(work);

    public void WaitUntil(Func<bool> condition, TimeSpan limit) => SpinWait.SpinUntil(condition, limit);

    public IWorkLoop StartLoop(string name, Func<bool> turn) => new Loop(name, turn);

    sealed class Loop : IWorkLoop
    {
        readonly SemaphoreSlim _signals = new(0);
        readonly Thread _thread;

        public Loop(string name, Func<bool> turn)
        {
            _thread = new Thread(() =>
            {
                do _signals.Wait();
                while (turn());
            }) { IsBackground = true, Name = name };
            _thread.Start();
        }

        public void Signal() => _signals.Release();

        public void Dispose()
        {
            _thread.Join();
            _signals.Dispose();
        }
    }
}
