namespace Olist.Pipeline.Model;

/// <summary>From event times to waits: the rhythm of real traffic, only without its silences. Pure: it never looks at a clock. Not for several threads.</summary>
public sealed class ReplayClock
{
    readonly ReplayPace _pace;
    long? _last;

    public ReplayClock(ReplayPace pace)
    {
        pace.Validate();
        _pace = pace;
    }

    /// <summary>How long after the first event the last one told is due. Waiting until then, not for each gap by itself, keeps a replay from falling behind.</summary>
    public TimeSpan Due { get; private set; }

    /// <summary>How long to wait before an event of this time, after the one told before; the first one does not wait.</summary>
    /// <param name="timeMicros">Microseconds since 1970, not before the last one told.</param>
    public TimeSpan Advance(long timeMicros)
    {
        var gap = TimeSpan.FromMicroseconds(Math.Max(0, timeMicros - (_last ?? timeMicros)));
        _last = timeMicros;
        if (gap > _pace.ThresholdInterval) gap = _pace.BaseInterval;
        var wait = double.IsPositiveInfinity(_pace.SpeedFactor) ? TimeSpan.Zero : gap / _pace.SpeedFactor;
        Due += wait;
        return wait;
    }
}
