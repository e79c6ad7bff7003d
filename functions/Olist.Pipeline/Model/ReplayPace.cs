namespace Olist.Pipeline.Model;

/// <summary>How a replay keeps time.</summary>
public sealed record ReplayPace
{
    /// <summary>A silence longer than this is cut. Default 300 s.</summary>
    public TimeSpan ThresholdInterval { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>What a cut silence lasts. Default 30 s.</summary>
    public TimeSpan BaseInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many times as fast as real traffic; infinity does not wait at all. Default 1.</summary>
    public double SpeedFactor { get; init; } = 1;

    /// <summary>Real time.</summary>
    public static ReplayPace Realtime { get; } = new();

    /// <summary>As fast as it goes.</summary>
    public static ReplayPace Max { get; } = new() { SpeedFactor = double.PositiveInfinity };

    /// <summary>Reads <c>max</c>, <c>realtime</c> or a factor such as <c>60</c> or <c>0.5</c>.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static ReplayPace Parse(string speed) => speed switch
    {
        "max" => Max,
        "realtime" => Realtime,
        _ when double.TryParse(speed, System.Globalization.CultureInfo.InvariantCulture, out var factor) && factor > 0 && double.IsFinite(factor) => new() { SpeedFactor = factor },
        _ => throw new FormatException($"'{speed}' is no speed; expected max, realtime or a factor above 0, such as 60."),
    };

    /// <exception cref="ArgumentException">An interval is negative or the factor is not above 0.</exception>
    public void Validate()
    {
        if (ThresholdInterval < TimeSpan.Zero || BaseInterval < TimeSpan.Zero)
            throw new ArgumentException($"Intervals of a replay can't be negative; found a threshold of {ThresholdInterval.TotalSeconds} s and a base of {BaseInterval.TotalSeconds} s.");
        if (!(SpeedFactor > 0)) throw new ArgumentException($"The speed of a replay is above 0; found {SpeedFactor}.");
    }
}
