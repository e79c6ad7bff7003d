namespace Olist.FunctionsHost.Worker;

/// <summary>Which of the function-level retries this execution is: 0 is the first execution.</summary>
public abstract class RetryContext
{
    public abstract int RetryCount { get; }
    public abstract int MaxRetryCount { get; }
}
