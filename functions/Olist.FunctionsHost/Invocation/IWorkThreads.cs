namespace Olist.FunctionsHost.Invocation;

/// <summary>
/// Where the host's own work runs: all that would otherwise ask for a thread by itself. Tests put a single thread here that does it in an order
/// which a seed chooses; so whatever is not started through this must not decide what happens next. For several threads.
/// </summary>
interface IWorkThreads
{
    /// <summary>How many threads really run at the same time.</summary>
    int Cores { get; }

    /// <summary>Runs the work soon, never on the caller's stack. It must not throw.</summary>
    void Queue<TState>(Action<TState> work, TState state);

    Task RunAsync(Func<Task> work);

    Task<T> RunAsync<T>(Func<Task<T>> work);

    /// <summary>Waits, on the caller's thread, for what others do meanwhile; gives up after the limit.</summary>
    void WaitUntil(Func<bool> condition, TimeSpan limit);

    /// <summary>Takes a turn for each signal, one after another, until a turn says that it was the last.</summary>
    /// <param name="turn">True when more may come.</param>
    IWorkLoop StartLoop(string name, Func<bool> turn);
}

/// <summary>Work that waits for signals. Disposing of it waits for the last turn.</summary>
interface IWorkLoop : IDisposable
{
    void Signal();
}
