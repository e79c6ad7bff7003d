using Olist.Pipeline.Speed.Orders;

namespace Olist.Pipeline.Speed.Live;

/// <summary>How time passes for orders that are on their way (setting <c>Olist:Clock</c>).</summary>
public enum ClockKind
{
    /// <summary>As on the wall: for production.</summary>
    Wall,
    /// <summary>As far as the latest event has got: for a replay of old orders.</summary>
    Event,
    /// <summary>7,200 seconds of lead time per second since an order's last message: the original's simulation.</summary>
    Simulated,
}

/// <summary>What time it is for an order. Pure but for the wall's time, which is injected.</summary>
/// <remarks>Every kind has an axis on which time moves on for all orders alike: the wall's time, or the time of the latest event. An order's own time is a function of that.</remarks>
public sealed class PipelineClock(ClockKind kind, TimeProvider time)
{
    /// <summary>Seconds of lead time per second (<c>mock_lead_time</c> of the original).</summary>
    public const int SimulatedSpeed = 7_200;

    public static IReadOnlyList<string> KindNames { get; } = ["wall", "event", "simulated"];

    public ClockKind Kind { get; } = kind;

    /// <returns><see langword="null"/> for a name that no kind has.</returns>
    public static ClockKind? Find(string name) => KindNames.ToList().IndexOf(name) is var index and >= 0 ? (ClockKind)index : null;

    /// <summary>The present moment on the axis, microseconds since 1970.</summary>
    /// <param name="lastEventMicros">The latest thing that has happened to any order.</param>
    public long AxisNow(long lastEventMicros) => Kind == ClockKind.Event ? lastEventMicros : (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10;

    /// <summary>The order's time at a moment on the axis.</summary>
    /// <param name="arrivedMs">When its last message came, Unix milliseconds; <see langword="null"/> when the speed layer has seen none, so that a simulation of it has not begun.</param>
    public long OrderTime(in OrderTimes times, long? arrivedMs, long axis) => Kind != ClockKind.Simulated || times.LastHappened is not { } last ? axis
        : arrivedMs is { } arrived ? last + (Math.Max(0, axis - (arrived * 1000)) * SimulatedSpeed)
        : last;

    /// <summary>The moment on the axis at which the order's time reaches an instant.</summary>
    public long AxisOf(in OrderTimes times, long arrivedMs, long orderTime) =>
        Kind == ClockKind.Simulated && times.LastHappened is { } last ? (arrivedMs * 1000) + ((orderTime - last) / SimulatedSpeed) : orderTime;
}
