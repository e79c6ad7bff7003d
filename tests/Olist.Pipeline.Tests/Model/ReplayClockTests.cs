using Olist.Pipeline.Model;

namespace Olist.Pipeline.Tests.Model;

public sealed class ReplayClockTests
{
    static List<double> Waits(ReplayPace pace, params long[] seconds)
    {
        var clock = new ReplayClock(pace);
        return [.. seconds.Select(second => clock.Advance(second * 1_000_000).TotalSeconds)];
    }

    [Fact]
    public void Gaps_are_kept_and_only_silences_are_cut() =>
        Assert.Equal([0, 5, 0, 300, 30, 1], Waits(ReplayPace.Realtime, 1000, 1005, 1005, 1305, 1606, 1607));

    [Fact]
    public void A_factor_makes_everything_faster() =>
        Assert.Equal([0, 0.5, 3], Waits(new ReplayPace { SpeedFactor = 10 }, 0, 5, 10_000));

    [Fact]
    public void At_full_speed_nothing_waits() =>
        Assert.Equal([0, 0, 0], Waits(ReplayPace.Max, 0, 5, 10_000));

    [Fact]
    public void Both_intervals_are_options() =>
        Assert.Equal([0, 10, 2], Waits(new ReplayPace { ThresholdInterval = TimeSpan.FromSeconds(10), BaseInterval = TimeSpan.FromSeconds(2) }, 0, 10, 21));

    [Fact]
    public void The_time_that_an_event_is_due_adds_up()
    {
        var clock = new ReplayClock(ReplayPace.Realtime);
        foreach (var second in (long[])[0, 10, 1000, 1001]) clock.Advance(second * 1_000_000);
        Assert.Equal(TimeSpan.FromSeconds(41), clock.Due);
    }

    [Fact]
    public void Speeds_are_read_from_settings()
    {
        Assert.Equal(ReplayPace.Max, ReplayPace.Parse("max"));
        Assert.Equal(ReplayPace.Realtime, ReplayPace.Parse("realtime"));
        Assert.Equal(2.5, ReplayPace.Parse("2.5").SpeedFactor);
        Assert.All((string[])["", "fast", "0", "-1", "NaN", "Infinity"], speed => Assert.Throws<FormatException>(() => ReplayPace.Parse(speed)));
    }

    [Fact]
    public void A_pace_that_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new ReplayClock(new ReplayPace { SpeedFactor = 0 }));
        Assert.Throws<ArgumentException>(() => new ReplayClock(new ReplayPace { BaseInterval = TimeSpan.FromSeconds(-1) }));
    }
}
