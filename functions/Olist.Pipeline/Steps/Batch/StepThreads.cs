namespace Olist.Pipeline.Steps.Batch;

/// <summary>Lets steps that run at the same time compute on as many threads of the pool as there are processors, the most urgent first; what waits for the disk takes none of them.</summary>
/// <remarks>The pool alone takes work as it comes: the longest chain of steps, which ends the run, would wait at each of its turns for whatever others have begun.</remarks>
/// <param name="threads">At most at a time.</param>
sealed class StepThreads(int threads) : IThreadPoolWorkItem
{
    [ThreadStatic]
    static StepThreads? _onThisThread;

    readonly Lock _lock = new();
    readonly PriorityQueue<(Lane Lane, Task Task), (int Urgency, long Arrival)> _waiting = new();
    long _arrivals;
    int _running;

    /// <summary>What is started on it, and goes on after each wait, does so with that urgency; the higher, the sooner.</summary>
    public TaskScheduler WithUrgency(int urgency) => new Lane(this, urgency);

    public Task<T> RunAsync<T>(int urgency, Func<Task<T>> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, WithUrgency(urgency)).Unwrap();

    public Task RunAsync(int urgency, Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, WithUrgency(urgency)).Unwrap();

    void Add(Lane lane, Task task)
    {
        lock (_lock)
        {
            _waiting.Enqueue((lane, task), (-lane.Urgency, _arrivals++));
            if (_running == threads) return;
            _running++;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        _onThisThread = this;
        while (TryTake(out var next)) next.Lane.Run(next.Task);
        _onThisThread = null;
    }

    bool TryTake(out (Lane Lane, Task Task) next)
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out next, out _)) return true;
            _running--;
            return false;
        }
    }

    sealed class Lane(StepThreads owner, int urgency) : TaskScheduler
    {
        public int Urgency => urgency;

        public override int MaximumConcurrencyLevel => owner.MostThreads;

        public void Run(Task task) => TryExecuteTask(task);

        protected override void QueueTask(Task task) => owner.Add(this, task);

        // Elsewhere it would be one thread more.
        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => !taskWasPreviouslyQueued && _onThisThread == owner && TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => owner.Waiting(this);
    }

    int MostThreads => threads;

    /// <summary>For debuggers.</summary>
    Task[] Waiting(Lane lane)
    {
        lock (_lock) return [.. _waiting.UnorderedItems.Where(item => item.Element.Lane == lane).Select(item => item.Element.Task)];
    }
}
