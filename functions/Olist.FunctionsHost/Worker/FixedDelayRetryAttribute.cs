using System.Globalization;

namespace Olist.FunctionsHost.Worker;

/// <summary>Retries after the same delay each time.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FixedDelayRetryAttribute : RetryAttribute
{
    /// <exception cref="ArgumentException">The interval is not a <c>hh:mm:ss</c> text.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The interval is negative.</exception>
    public FixedDelayRetryAttribute(int maxRetryCount, string delayInterval)
    {
        MaxRetryCount = maxRetryCount;
        Interval = ParseInterval(delayInterval, nameof(delayInterval));
        DelayInterval = delayInterval;
    }

    public string DelayInterval { get; }

    internal TimeSpan Interval { get; }

    internal static TimeSpan ParseInterval(string text, string parameter)
    {
        if (!TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval))
            throw new ArgumentException($"'{text}' is not a time interval; write it as hh:mm:ss, for example 00:00:05.", parameter);
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.Zero, parameter);
        return interval;
    }
}
