namespace Olist.Functions.Serving;

/// <summary>What time it is for the pipeline (setting <c>Olist:Clock</c>): the wall's, or that of the events, which a replay of old orders wants.</summary>
public sealed class PipelineClock(TimeProvider time, string kind)
{
    /// <summary>Values of the setting that this build knows.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["wall", "event"];

    public long NowMicros(long lastEventMicros) =>
        kind == "event" ? lastEventMicros : (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10;
}
