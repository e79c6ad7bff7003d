namespace Olist.Lake.Tests.Maintenance;

/// <summary>A clock that goes only when it is told to. Waits use the real one.</summary>
sealed class SteppedClock : TimeProvider
{
    DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Go(TimeSpan time) => _now += time;
}
