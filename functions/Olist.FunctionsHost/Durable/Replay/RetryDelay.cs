using Olist.FunctionsHost.DurableTask;

namespace Olist.FunctionsHost.Durable.Replay;

/// <summary>When a retry policy tries again.</summary>
static class RetryDelay
{
    /// <param name="attempt">How many attempts there were.</param>
    /// <returns>Null: no more.</returns>
    public static TimeSpan? After(RetryPolicy policy, int attempt, DateTime firstAttemptAt, DateTime now, TaskFailureDetails failure)
    {
        if (failure.IsNonRetriable || attempt >= policy.MaxNumberOfAttempts || !policy.ShouldRetry(failure)) return null;
        if (policy.RetryTimeout != Timeout.InfiniteTimeSpan && now >= firstAttemptAt + policy.RetryTimeout) return null;
        var milliseconds = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        return milliseconds < policy.MaxRetryInterval.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : policy.MaxRetryInterval;
    }
}
