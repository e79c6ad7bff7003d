using Olist.Streaming.Log;

namespace Olist.Streaming.Tests.Log;

/// <summary>What only the local log promises.</summary>
public sealed class LocalEventLogTests : IDisposable
{
    static readonly TopicPartition T0 = new("t", 0);

    readonly TempFolder _folder = new();
    readonly ManualClock _clock = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    async Task<LocalEventLog> OpenAsync(LocalLogOptions? options = null)
    {
        var log = await LocalEventLog.OpenAsync(_folder.Of("state"), options ?? LocalLogOptions.Default, _clock, Token);
        await log.EnsureTopicsAsync([new TopicSpec("t", 1)], Token);
        return log;
    }

    [Fact]
    public async Task Nothing_is_seen_before_the_flush_and_everything_after_it()
    {
        await using var log = await OpenAsync();
        await using var producer = log.CreateProducer();
        producer.Append("t", "a", "1");
        Assert.InRange(producer.BufferedBytes, 1, 200);
        Assert.Equal((0, 0), await log.GetWatermarksAsync(T0, Token));
        await producer.FlushAsync(Token);
        Assert.Equal((0, 1), await log.GetWatermarksAsync(T0, Token));
    }

    [Fact]
    public async Task A_full_buffer_is_written_without_a_flush()
    {
        await using var log = await OpenAsync(new LocalLogOptions { BatchBytes = 512, SegmentBytes = 1024 });
        await using var producer = log.CreateProducer();
        for (var i = 0; i < 100; i++) producer.Append("t", "key", "0123456789");
        var (_, latest) = await log.GetWatermarksAsync(T0, Token);
        Assert.InRange(latest, 50, 99);
        Assert.InRange(producer.BufferedBytes, 1, 512);
    }

    [Fact]
    public async Task Records_larger_than_a_batch_or_a_segment_are_kept_whole()
    {
        await using (var log = await OpenAsync(new LocalLogOptions { BatchBytes = 512, SegmentBytes = 1024 }))
        {
            await using var producer = log.CreateProducer();
            for (var i = 0; i < 5; i++)
            {
                producer.Append("t", [], new byte[i * 1000], 7, partition: 0);
                producer.Append("t", "small", "1");
            }
            await producer.FlushAsync(Token);
        }
        await using var again = await OpenAsync();
        Assert.Equal([0, 1, 1000, 1, 2000, 1, 3000, 1, 4000, 1], (await again.ReadAllAsync("t", 0)).Select(record => record.Value.Length));
    }

    [Fact]
    public async Task A_record_beyond_the_limit_is_refused_and_the_rest_goes_on()
    {
        await using var log = await OpenAsync(new LocalLogOptions { MaxRecordBytes = 1000 });
        await using var producer = log.CreateProducer();
        producer.Append("t", "a", "1");
        Assert.Contains("MaxRecordBytes", Assert.Throws<ArgumentException>(() => producer.Append("t", [], new byte[1000], 1)).Message, StringComparison.Ordinal);
        producer.Append("t", "b", "2");
        await producer.FlushAsync(Token);
        Assert.Equal(2, (await log.ReadAllAsync("t", 0)).Count);
    }

    [Fact]
    public async Task A_poll_waits_as_long_as_it_was_told()
    {
        await using var log = await OpenAsync();
        await using var consumer = log.Subscribe("g", ["t"]);
        var poll = consumer.PollAsync(1, TimeSpan.FromSeconds(5), Token).AsTask();
        await _clock.TimerCreated.Task.WaitAsync(Token);
        Assert.False(poll.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty((await poll.WaitAsync(TimeSpan.FromSeconds(60), Token)).Records);
    }

    [Fact]
    public async Task Cancelling_and_disposing_end_a_poll()
    {
        await using var log = await OpenAsync();
        var consumer = log.Subscribe("g", ["t"]);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var cancelled = consumer.PollAsync(1, Timeout.InfiniteTimeSpan, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        var disposed = consumer.PollAsync(1, Timeout.InfiniteTimeSpan, Token).AsTask();
        await consumer.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => disposed);
    }

    [Fact]
    public async Task Batches_stay_readable_while_more_is_read_and_written()
    {
        await using var log = await OpenAsync(new LocalLogOptions { BatchBytes = 256, SegmentBytes = 1024 });
        await using var consumer = log.Subscribe("g", ["t"]);
        var kept = new List<ConsumedRecord>();
        for (var i = 0; i < 200; i++)
        {
            await log.ProduceAsync("t", ($"{i}", $"value {i}"));
            kept.AddRange((await consumer.PollAsync(10, TimeSpan.Zero, Token)).Records);
        }
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"value {i}"), kept.Select(record => record.ValueText()));
    }

    [Fact]
    public async Task Two_producers_under_one_name_do_not_mix()
    {
        await using var log = await OpenAsync();
        await using var first = log.CreateProducer("p");
        await using var second = log.CreateProducer("p");
        first.Append("t", "a", "first", sequence: 0);
        second.Append("t", "a", "second", sequence: 0);
        await first.FlushAsync(Token);
        var exception = await Assert.ThrowsAsync<StreamingException>(async () => await second.FlushAsync(Token));
        Assert.Contains("another producer writes under the same name", exception.Message, StringComparison.Ordinal);
        Assert.Equal("first", Assert.Single(await log.ReadAllAsync("t", 0)).ValueText());
    }

    [Fact]
    public async Task Commits_do_not_let_their_journal_grow_for_ever()
    {
        await using (var log = await OpenAsync())
        {
            await log.ProduceAsync("t", [.. Enumerable.Range(0, 1000).Select(i => ("k", $"{i}"))]);
            await using var consumer = log.Subscribe("g", ["t"]);
            for (var i = 0; i < 60_000; i++) await consumer.CommitAsync([new(T0, i % 1000)], Token);
            Assert.InRange(new FileInfo(Path.Combine(_folder.Of("state"), "log", "groups.journal")).Length, 1, (1 << 20) + 100);
        }
        await using var again = await OpenAsync();
        Assert.Equal(59_999 % 1000, await again.GetCommittedAsync("g", T0, Token));
    }

    [Fact]
    public async Task A_topic_name_that_is_a_path_is_refused()
    {
        await using var log = await OpenAsync();
        foreach (var name in new[] { "", "..", "a/b", "a b", new string('x', 250) })
            await Assert.ThrowsAsync<ArgumentException>(async () => await log.EnsureTopicsAsync([new TopicSpec(name, 1)], Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await log.EnsureTopicsAsync([new TopicSpec("x", 0)], Token));
    }
}
