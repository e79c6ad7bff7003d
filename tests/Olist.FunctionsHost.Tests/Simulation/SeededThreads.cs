using Olist.FunctionsHost.Invocation;

namespace Olist.FunctionsHost.Tests.Simulation;

/// <summary>
/// One thread for everything: whatever could run now waits in a list, and a seed picks what does. What is awaited below it comes back to it, as
/// it is the scheduler of its tasks. It is never emptied by a crash: a new life has new threads, and nobody turns the old ones any more.
/// </summary>
sealed class SeededThreads(Random random, SimulationTrace trace) : TaskScheduler, IWorkThreads
{
    readonly List<Task> _ready = [];

    // Other than the machine's, so that a seed means the same everywhere.
    public int Cores => 2;

    /// <summary>The loop of which the step before was a turn; null when it was none.</summary>
    public string? LastTurn { get; private set; }

    /// <summary>Called before each turn of a loop.</summary>
    public Action? BeforeTurn { get; set; }

    public bool IsIdle => _ready.Count == 0;

    /// <summary>Does one thing; false when there is none.</summary>
    public bool Step()
    {
        if (_ready.Count == 0) return false;
        LastTurn = null;
        var picked = random.Next(_ready.Count);
        trace.Add("step", picked, _ready.Count);
        var task = _ready[picked];
        _ready.RemoveAt(picked);
        TryExecuteTask(task);
        return true;
    }

    /// <summary>Goes on until nothing is left to do; the task must have ended by then.</summary>
    public void Finish(Task task)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null); // Whoever awaits below must come back here.
        while (Step()) { }
        SynchronizationContext.SetSynchronizationContext(context);
        Assert.True(task.IsCompleted, "it waits for something that does not happen");
        task.GetAwaiter().GetResult();
    }

    public void Queue<TState>(Action<TState> work, TState state) => new Task(() => work(state)).Start(this);

    public Task RunAsync(Func<Task> work) => RunAsync(async () =>
    {
        await work();
        return true;
    });

    // Not by unwrapping: that may take a thread of the pool.
    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        var done = new TaskCompletionSource<T>();
        Queue(static one => _ = RunAsync(one.Work, one.Done), (Work: work, Done: done));
        return done.Task;
    }

    static async Task RunAsync<T>(Func<Task<T>> work, TaskCompletionSource<T> done)
    {
        try
        {
            done.SetResult(await work());
        }
#pragma warning disable CA1031 // It is the caller's.
        catch (Exception error)
#pragma warning restore CA1031
        {
            done.SetException(error);
        }
    }

    // Nothing happens meanwhile.
    public void WaitUntil(Func<bool> condition, TimeSpan limit) { }

    public IWorkLoop StartLoop(string name, Func<bool> turn) => new Loop(this, name, turn);

    protected override void QueueTask(Task task) => _ready.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;

    sealed class Loop(SeededThreads threads, string name, Func<bool> turn) : IWorkLoop
    {
        bool _isOver;

        public void Signal() => threads.Queue(static loop => loop.Turn(), this);

        public void Dispose()
        {
            while (!_isOver) _isOver = !turn();
        }

        void Turn()
        {
            if (_isOver) return;
            threads.BeforeTurn?.Invoke();
            _isOver = !turn();
            threads.LastTurn = name;
        }
    }
}
