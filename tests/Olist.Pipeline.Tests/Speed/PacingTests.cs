using Olist.Pipeline.Speed.Topics;
using Olist.Streaming.Tests;

namespace Olist.Pipeline.Tests.Speed;

/// <summary>A window is a little over 10 ms here; more than 110 records in it are more than 10,000 a second.</summary>
public sealed class PacingTests
{
    readonly ManualClock _clock = new();
    readonly Pacing _pacing;

    public PacingTests() => _pacing = new Pacing(_clock);

    /// <summary>Batches spread over one window, and the last behind its end.</summary>
    Task Window(params int[] batches)
    {
        var last = Task.CompletedTask;
        for (var i = 0; i < batches.Length; i++)
        {
            if (i == batches.Length - 1) _clock.Advance(TimeSpan.FromMilliseconds(11));
            last = _pacing.AfterAsync(batches[i]);
        }
        return last;
    }

    [Fact]
    public void At_ten_thousand_a_second_nothing_waits()
    {
        for (var i = 0; i < 100; i++) Assert.True(Window(50, 30, 30).IsCompleted);
        Assert.True(Window(110).IsCompleted);
    }

    [Fact]
    public async Task Above_that_the_next_batch_is_held_back_for_a_millisecond()
    {
        var held = Window(50, 30, 31);
        Assert.False(held.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(0.9));
        Assert.False(held.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(0.1));
        await held;
        Assert.False(_pacing.AfterAsync(1).IsCompleted);
    }

    [Fact]
    public void Behind_a_full_batch_nothing_waits()
    {
        Assert.True(Window(500, 128).IsCompleted);
        Assert.True(_pacing.AfterAsync(128).IsCompleted);
        Assert.False(_pacing.AfterAsync(127).IsCompleted);
    }

    [Fact]
    public void When_less_comes_waiting_ends_with_the_window()
    {
        Assert.False(Window(200, 1).IsCompleted);
        Assert.False(_pacing.AfterAsync(40).IsCompleted);
        Assert.True(Window(40, 30).IsCompleted);
        Assert.True(_pacing.AfterAsync(1).IsCompleted);
    }

    [Fact]
    public void A_pause_of_the_stream_is_no_rush()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_pacing.AfterAsync(10_000).IsCompleted);
        Assert.True(Window(50, 50).IsCompleted);
    }
}
