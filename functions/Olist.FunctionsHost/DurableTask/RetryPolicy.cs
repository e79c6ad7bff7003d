namespace Olist.FunctionsHost.DurableTask;

/// <summary>How often and how long a failed activity or sub-orchestration is tried again; the waits are durable timers.</summary>
public class RetryPolicy
{
    Func<TaskFailureDetails, bool> _handleFailure = _ => true;

    /// <exception cref="ArgumentOutOfRangeException">No attempt, an interval that is not positive, a coefficient below 1, or a limit below the first interval.</exception>
    public RetryPolicy(int maxNumberOfAttempts, TimeSpan firstRetryInterval, double backoffCoefficient = 1.0, TimeSpan? maxRetryInterval = null, TimeSpan? retryTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNumberOfAttempts);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        if (!(backoffCoefficient >= 1))
            throw new ArgumentOutOfRangeException(nameof(backoffCoefficient), backoffCoefficient, "The coefficient must be at least 1.");
        if (maxRetryInterval < firstRetryInterval)
            throw new ArgumentOutOfRangeException(nameof(maxRetryInterval), maxRetryInterval, $"The limit must be at least the first interval, {firstRetryInterval}.");
        if (retryTimeout < firstRetryInterval && retryTimeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(retryTimeout), retryTimeout, $"The time limit must be at least the first interval, {firstRetryInterval}.");
        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = maxRetryInterval ?? TimeSpan.FromHours(1);
        RetryTimeout = retryTimeout ?? Timeout.InfiniteTimeSpan;
    }

    public int MaxNumberOfAttempts { get; }
    public TimeSpan FirstRetryInterval { get; }
    public double BackoffCoefficient { get; }

    /// <summary>Default one hour.</summary>
    public TimeSpan MaxRetryInterval { get; }

    /// <summary>Default without end.</summary>
    public TimeSpan RetryTimeout { get; }

    public Func<TaskFailureDetails, bool> HandleFailure
    {
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            _handleFailure = value;
        }
    }

    internal bool ShouldRetry(TaskFailureDetails failure) => _handleFailure(failure);
}
