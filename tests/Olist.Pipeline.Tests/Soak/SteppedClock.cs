namespace Olist.Pipeline.Tests.Soak;

/// <summary>A clock that goes only when it is told to. Waits use the real one.</summary>
sealed class SteppedClock : TimeProvider
{
    long _ticks = TimeProvider.System.GetUtcNow().Ticks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Go(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}
