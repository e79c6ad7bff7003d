using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Invocation;

/// <summary>The delays of a retry attribute. One per run of retries; not for several threads.</summary>
sealed class RetrySchedule(RetryAttribute attribute, Chance chance)
{
    TimeSpan _last;

    /// <param name="retry">1 for the first retry.</param>
    public TimeSpan DelayBefore(int retry)
    {
        if (attribute is FixedDelayRetryAttribute constant) return constant.Interval;
        var exponential = (ExponentialBackoffRetryAttribute)attribute;
        if (retry == 1) return _last = exponential.Minimum;
        if (_last >= exponential.Maximum) return _last = exponential.Maximum;
        var grown = exponential.Minimum.TotalMilliseconds * (1 + ((0.8 + (0.4 * chance.NextFraction())) * Math.Pow(2, retry - 2)));
        return _last = grown >= exponential.Maximum.TotalMilliseconds ? exponential.Maximum : TimeSpan.FromMilliseconds(grown);
    }
}
