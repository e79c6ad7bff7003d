using System.Collections.Concurrent;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Tests.Steps;

public sealed class StepThreadsTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static Task StartAsync(TaskScheduler lane, Func<Task> work) => Task.Factory.StartNew(work, Token, TaskCreationOptions.DenyChildAttach, lane).Unwrap();

    [Fact]
    public async Task The_most_urgent_goes_first_and_equal_ones_in_the_order_in_which_they_came()
    {
        var threads = new StepThreads(1);
        var (low, high) = (threads.WithUrgency(1), threads.WithUrgency(7));
        using var gate = new ManualResetEventSlim();
        var order = new ConcurrentQueue<string>();
        var holding = StartAsync(low, () =>
        {
            gate.Wait(Token);
            return Task.CompletedTask;
        });
        Task[] waiting =
        [
            StartAsync(low, () => Said("low 1")), StartAsync(high, () => Said("high 1")), StartAsync(low, () => Said("low 2")), StartAsync(high, () => Said("high 2")),
        ];
        gate.Set();
        await Task.WhenAll(waiting.Append(holding));
        Assert.Equal(["high 1", "high 2", "low 1", "low 2"], order);

        Task Said(string words)
        {
            order.Enqueue(words);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task What_goes_on_after_a_wait_keeps_its_urgency_and_never_more_threads_compute_than_there_may()
    {
        const int Threads = 2, Steps = 6, Turns = 200;
        var threads = new StepThreads(Threads);
        var (computing, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, Steps).Select(step =>
        {
            var lane = threads.WithUrgency(step);
            return StartAsync(lane, async () =>
            {
                for (var turn = 0; turn < Turns; turn++)
                {
                    Assert.Same(lane, TaskScheduler.Current);
                    var now = Interlocked.Increment(ref computing);
                    for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most)) Interlocked.CompareExchange(ref most, now, seen);
                    Thread.SpinWait(50);
                    Interlocked.Decrement(ref computing);
                    if (turn % 3 == 0) await Task.Run(() => { }, Token); // ends on a thread of the pool
                    else await Task.Yield();
                }
            });
        }));
        Assert.InRange(most, 1, Threads);
    }

    [Fact]
    public async Task A_step_that_fails_stops_no_other()
    {
        var threads = new StepThreads(1);
        var failing = StartAsync(threads.WithUrgency(2), () => throw new InvalidOperationException("broken"));
        var working = StartAsync(threads.WithUrgency(1), async () => await Task.Yield());
        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidOperationException>(() => failing)).Message);
        await working;
        await StartAsync(threads.WithUrgency(0), () => Task.CompletedTask);
    }
}
