namespace Olist.FunctionsHost.Worker;

/// <summary>Retries after delays that double from a minimum up to a maximum, each by 20 % more or less.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ExponentialBackoffRetryAttribute : RetryAttribute
{
    /// <exception cref="ArgumentException">An interval is not a <c>hh:mm:ss</c> text, or the minimum is above the maximum.</exception>
    public ExponentialBackoffRetryAttribute(int maxRetryCount, string minimumInterval, string maximumInterval)
    {
        MaxRetryCount = maxRetryCount;
        Minimum = FixedDelayRetryAttribute.ParseInterval(minimumInterval, nameof(minimumInterval));
        Maximum = FixedDelayRetryAttribute.ParseInterval(maximumInterval, nameof(maximumInterval));
        if (Minimum > Maximum)
            throw new ArgumentException($"The minimum interval {minimumInterval} is above the maximum interval {maximumInterval}.", nameof(minimumInterval));
        MinimumInterval = minimumInterval;
        MaximumInterval = maximumInterval;
    }

    public string MinimumInterval { get; }
    public string MaximumInterval { get; }

    internal TimeSpan Minimum { get; }
    internal TimeSpan Maximum { get; }
}
