namespace Olist.FunctionsHost.DurableTask.Client;

/// <summary>How many instances are gone.</summary>
public class PurgeResult
{
    public PurgeResult(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        PurgedInstanceCount = count;
    }

    public PurgeResult(int count, bool? isComplete) : this(count) => IsComplete = isComplete;

    public int PurgedInstanceCount { get; }

    /// <summary>False when the time limit came first; null when not known.</summary>
    public bool? IsComplete { get; }
}
