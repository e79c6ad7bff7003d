using System.Text;

namespace Olist.Streaming.Tests;

/// <summary>What every event log does; one subclass per implementation. Each test has a log of its own.</summary>
public abstract class EventLogConformance : IAsyncLifetime
{
    /// <summary>Opens the log of this test; called again after <see cref="CloseAsync"/> it finds what was there.</summary>
    protected abstract ValueTask<IEventLog> OpenAsync();

    protected abstract ValueTask CloseAsync();

    /// <summary>For whatever the implementation keeps on disk; removed after the test.</summary>
    protected TempFolder Folder { get; } = new();

    protected IEventLog Log { get; private set; } = null!;   // set before each test

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Log = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected async Task ReopenAsync()
    {
        await CloseAsync();
        Log = await OpenAsync();
    }

    Task EnsureAsync(params TopicSpec[] topics) => Log.EnsureTopicsAsync(topics, Token).AsTask();

    static TopicPartition At(string topic, int partition) => new(topic, partition);

    [Fact]
    public async Task Records_come_back_whole_and_in_order()
    {
        await EnsureAsync(new TopicSpec("order_status", 1));
        await using (var producer = Log.CreateProducer())
        {
            for (var i = 0; i < 5000; i++)
                producer.Append("order_status", Encoding.UTF8.GetBytes($"key {i}"), Encoding.UTF8.GetBytes($"value {i}"), 1_500_000_000_000 + i, headers: i % 100 == 0 ? [new RecordHeader("traceparent", [1, (byte)(i / 100)]), new RecordHeader("é", [])] : null);
            await producer.FlushAsync(Token);
            Assert.Equal(0, producer.BufferedBytes);
        }
        await using var consumer = Log.Subscribe("readers", ["order_status"]);
        var records = await consumer.ReadAsync(5000);
        Assert.Equal(5000, records.Count);
        for (var i = 0; i < 5000; i++)
        {
            var record = records[i];
            Assert.Equal(("order_status", 0, (long)i, 1_500_000_000_000 + i, $"key {i}", $"value {i}", false), (record.Topic, record.Partition, record.Offset, record.TimestampMs, record.KeyText(), record.ValueText(), record.IsTombstone));
            if (i % 100 != 0) Assert.Empty(record.Headers);
            else Assert.Equal([("traceparent", $"01{i / 100:X2}"), ("é", "")], record.Headers.Select(header => (header.Key, Convert.ToHexString(header.Value))));
        }
    }

    [Fact]
    public async Task The_key_decides_the_partition_unless_one_is_given()
    {
        await EnsureAsync(new TopicSpec("payment", 5));
        await using (var producer = Log.CreateProducer())
        {
            for (var i = 0; i < 100; i++) producer.Append("payment", $"order {i}", "by key");
            producer.Append("payment", "order 0", "given", partition: 3);
            await producer.FlushAsync(Token);
        }
        for (var partition = 0; partition < 5; partition++)
            foreach (var record in await Log.ReadAllAsync("payment", partition))
                Assert.Equal(record.ValueText() == "given" ? 3 : Partitioner.Of(record.Key.Span, 5), partition);
    }

    [Fact]
    public async Task A_tombstone_has_a_key_and_no_value()
    {
        await EnsureAsync(new TopicSpec("delivery_status", 1, Compacted: true));
        await using (var producer = Log.CreateProducer())
        {
            producer.Append("delivery_status", "k"u8, default, 5, tombstone: true);
            producer.Append("delivery_status", "k"u8, default, 6);
            await producer.FlushAsync(Token);
        }
        var records = await Log.ReadAllAsync("delivery_status", 0);
        Assert.Equal([(true, 0), (false, 0)], records.Select(record => (record.IsTombstone, record.Value.Length)));
    }

    [Fact]
    public async Task Topics_are_created_once_and_keep_their_partitions()
    {
        await EnsureAsync(new TopicSpec("b", 2), new TopicSpec("a", 3, Compacted: true));
        await EnsureAsync(new TopicSpec("b", 7));
        Assert.Equal([new TopicSpec("a", 3, true), new TopicSpec("b", 2)], await Log.ListTopicsAsync(Token));
        await ReopenAsync();
        Assert.Equal([new TopicSpec("a", 3, true), new TopicSpec("b", 2)], await Log.ListTopicsAsync(Token));
    }

    [Fact]
    public async Task An_unknown_topic_or_partition_is_named()
    {
        await EnsureAsync(new TopicSpec("known", 2));
        await using var producer = Log.CreateProducer();
        var exception = Assert.Throws<UnknownTopicException>(() => producer.Append("unknown", "k", "v"));
        Assert.Contains("unknown", exception.Message, StringComparison.Ordinal);
        Assert.Throws<UnknownTopicException>(() => producer.Append("known", "k", "v", partition: 2));
        Assert.Throws<UnknownTopicException>(() => Log.Subscribe("g", ["unknown"]));
        await Assert.ThrowsAsync<UnknownTopicException>(async () => await Log.GetWatermarksAsync(At("known", 9), Token));
    }

    [Fact]
    public async Task Watermarks_count_what_was_flushed()
    {
        await EnsureAsync(new TopicSpec("t", 1));
        Assert.Equal((0, 0), await Log.GetWatermarksAsync(At("t", 0), Token));
        await Log.ProduceAsync("t", ("a", "1"), ("b", "2"));
        Assert.Equal((0, 2), await Log.GetWatermarksAsync(At("t", 0), Token));
    }

    [Fact]
    public async Task A_poll_gives_at_most_what_was_asked_and_goes_on_where_it_ended()
    {
        await EnsureAsync(new TopicSpec("t", 1));
        await Log.ProduceAsync("t", [.. Enumerable.Range(0, 25).Select(i => ($"{i}", $"{i}"))]);
        await using var consumer = Log.Assign([new(At("t", 0), 3)]);
        var offsets = new List<long>();
        while (offsets.Count < 22)
        {
            var batch = await consumer.PollAsync(4, TimeSpan.FromSeconds(30), Token);
            Assert.InRange(batch.Records.Count, 1, 4);
            Assert.Equal([new(At("t", 0), batch.Records[^1].Offset + 1)], batch.NextOffsets());
            offsets.AddRange(batch.Records.Select(record => record.Offset));
        }
        Assert.Equal(Enumerable.Range(3, 22).Select(i => (long)i), offsets);
        Assert.Empty((await consumer.PollAsync(4, TimeSpan.Zero, Token)).Records);
    }

    [Fact]
    public async Task A_waiting_reader_is_woken_by_a_record()
    {
        await EnsureAsync(new TopicSpec("t", 3));
        await using var consumer = Log.Subscribe("g", ["t"]);
        for (var i = 0; i < 50; i++)
        {
            var waiting = consumer.PollAsync(10, TimeSpan.FromMinutes(10), Token).AsTask();
            await Log.ProduceAsync("t", ($"key {i}", $"{i}"));
            var batch = await waiting.WaitAsync(TimeSpan.FromSeconds(60), Token);
            Assert.Equal($"{i}", Assert.Single(batch.Records).ValueText());
        }
    }

    [Fact]
    public async Task Members_of_a_group_share_the_partitions_and_groups_do_not()
    {
        await EnsureAsync(new TopicSpec("a", 4), new TopicSpec("b", 2));
        await using var first = Log.Subscribe("g", ["a", "b"]);
        await using var second = Log.Subscribe("g", ["a", "b"]);
        await using var other = Log.Subscribe("other", ["a", "b"]);
        await first.PollAsync(1, TimeSpan.Zero, Token);
        await second.PollAsync(1, TimeSpan.Zero, Token);
        Assert.Equal(3, first.Assignment.Count);
        Assert.Equal(3, second.Assignment.Count);
        Assert.Equal(6, first.Assignment.Union(second.Assignment).Count());
        Assert.Equal(6, other.Assignment.Count);
        await Log.ProduceAsync("a", [.. Enumerable.Range(0, 100).Select(i => ($"{i}", $"a{i}"))]);
        await Log.ProduceAsync("b", [.. Enumerable.Range(0, 100).Select(i => ($"{i}", $"b{i}"))]);
        var shared = (await first.DrainAsync()).Concat(await second.DrainAsync()).Select(record => record.ValueText()).ToArray();
        Assert.Equal(200, shared.Length);
        Assert.Equal(200, shared.Distinct().Count());
        Assert.Equal(200, (await other.DrainAsync()).Count);
    }

    [Fact]
    public async Task Who_leaves_hands_over_from_the_committed_offset()
    {
        await EnsureAsync(new TopicSpec("t", 1));
        await Log.ProduceAsync("t", ("a", "0"), ("b", "1"), ("c", "2"));
        await using var stays = Log.Subscribe("g", ["t"]);
        var leaves = stays;
        var batch = await leaves.ReadAsync(3);
        await leaves.CommitAsync((At("t", 0), batch[1].Offset));
        await using var next = Log.Subscribe("g", ["t"]);
        Assert.Empty(next.Assignment);
        await leaves.DisposeAsync();
        Assert.Equal(["1", "2"], (await next.ReadAsync(2)).Select(record => record.ValueText()));
    }

    [Fact]
    public async Task A_partition_moves_only_when_its_reader_polls_again_and_late_commits_are_refused_after_that()
    {
        await EnsureAsync(new TopicSpec("t", 2));
        await Log.ProduceAsync("t", [.. Enumerable.Range(0, 40).Select(i => ($"{i}", $"{i}"))]);
        await using var first = Log.Subscribe("g", ["t"]);
        var read = await first.ReadAsync(40);
        await using var second = Log.Subscribe("g", ["t"]);
        Assert.Empty((await second.PollAsync(100, TimeSpan.Zero, Token)).Records);
        await first.CommitAsync(new ConsumedBatch(read).NextOffsets(), Token);
        await first.PollAsync(1, TimeSpan.Zero, Token);
        await second.PollAsync(1, TimeSpan.Zero, Token);
        var moved = Assert.Single(second.Assignment);
        Assert.Single(first.Assignment);
        Assert.Empty(await second.DrainAsync());
        await Assert.ThrowsAsync<RebalancedException>(() => first.CommitAsync((moved, 1)));
        await Assert.ThrowsAsync<RebalancedException>(async () => await first.SeekAsync(moved, 0, Token));
    }

    [Fact]
    public async Task Committed_offsets_survive_and_a_group_goes_on_there()
    {
        await EnsureAsync(new TopicSpec("t", 1));
        await Log.ProduceAsync("t", ("a", "0"), ("b", "1"), ("c", "2"));
        await using (var consumer = Log.Subscribe("g", ["t"]))
        {
            Assert.Null(await Log.GetCommittedAsync("g", At("t", 0), Token));
            await consumer.ReadAsync(3);
            await consumer.CommitAsync((At("t", 0), 2));
        }
        await ReopenAsync();
        Assert.Equal(2, await Log.GetCommittedAsync("g", At("t", 0), Token));
        Assert.Equal(["g"], await Log.ListGroupsAsync(Token));
        Assert.Equal([new(At("t", 0), 2)], await Log.ListCommittedAsync("g", Token));
        await using var again = Log.Subscribe("g", ["t"]);
        Assert.Equal("2", Assert.Single(await again.ReadAsync(1)).ValueText());
        Assert.Equal([1L], (await ConsumerLag.MeasureAsync(Log, "g", ["t"], Token)).Select(lag => lag.Records));
        Assert.Equal([3L], (await ConsumerLag.MeasureAsync(Log, "nobody", ["t"], Token)).Select(lag => lag.Records));
    }

    [Fact]
    public async Task A_topic_is_measured_by_partition()
    {
        await EnsureAsync(new TopicSpec("t", 3), new TopicSpec("u", 1));
        for (var i = 0; i < 20; i++) await Log.ProduceAsync("t", ($"key {i}", "0"));
        var extents = await PartitionExtent.MeasureAsync(Log, "t", Token);
        Assert.Equal([At("t", 0), At("t", 1), At("t", 2)], extents.Select(extent => extent.Partition));
        Assert.Equal(20, extents.Sum(extent => extent.Latest - extent.Earliest));
        foreach (var extent in extents) Assert.Equal((extent.Earliest, extent.Latest), await Log.GetWatermarksAsync(extent.Partition, Token));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await PartitionExtent.MeasureAsync(Log, "nowhere", Token));
    }

    [Fact]
    public async Task Offsets_are_set_from_outside_only_without_members()
    {
        await EnsureAsync(new TopicSpec("t", 1));
        await Log.ProduceAsync("t", ("a", "0"), ("b", "1"));
        await using (Log.Subscribe("g", ["t"]))
            await Assert.ThrowsAsync<StreamingException>(async () => await Log.SetCommittedAsync("g", [new(At("t", 0), 1)], Token));
        await Log.SetCommittedAsync("g", [new(At("t", 0), 1)], Token);
        await using var consumer = Log.Subscribe("g", ["t"]);
        Assert.Equal("1", Assert.Single(await consumer.ReadAsync(1)).ValueText());
    }

    [Fact]
    public async Task A_reader_can_go_back_and_forth_but_not_beyond_the_end()
    {
        await EnsureAsync(new TopicSpec("t", 1));
        await Log.ProduceAsync("t", [.. Enumerable.Range(0, 10).Select(i => ($"{i}", $"{i}"))]);
        await using var consumer = Log.Subscribe("g", ["t"]);
        foreach (var offset in new long[] { 7, 0, 9, 3, 10 })
        {
            await consumer.SeekAsync(At("t", 0), offset, Token);
            var batch = await consumer.PollAsync(1, TimeSpan.Zero, Token);
            Assert.Equal(offset < 10 ? [offset] : [], batch.Records.Select(record => record.Offset));
        }
        await Assert.ThrowsAsync<StreamingException>(async () => await consumer.SeekAsync(At("t", 0), 11, Token));
    }

    [Fact]
    public async Task A_named_producer_drops_what_it_has_written_before()
    {
        await EnsureAsync(new TopicSpec("t", 2));
        await using (var producer = Log.CreateProducer("replay"))
        {
            Assert.Equal(-1, await producer.GetLastSequenceAsync(At("t", 0), Token));
            for (var i = 0; i < 10; i++) producer.Append("t", $"{i}", $"{i}", sequence: i, partition: i % 2);
            producer.Append("t", "8", "again", sequence: 8, partition: 0);
            await producer.FlushAsync(Token);
            producer.Append("t", "lost", "not flushed", sequence: 10, partition: 0);
        }
        await ReopenAsync();
        await using (var producer = Log.CreateProducer("replay"))
        {
            Assert.Equal(8, await producer.GetLastSequenceAsync(At("t", 0), Token));
            Assert.Equal(9, await producer.GetLastSequenceAsync(At("t", 1), Token));
            for (var i = 0; i < 14; i++) producer.Append("t", $"{i}", $"{i}", sequence: i, partition: i % 2);
            await producer.FlushAsync(Token);
        }
        await using (var producer = Log.CreateProducer("another"))
        {
            producer.Append("t", "x", "x", sequence: 1, partition: 0);
            await producer.FlushAsync(Token);
        }
        Assert.Equal(["0", "2", "4", "6", "8", "10", "12", "x"], (await Log.ReadAllAsync("t", 0)).Select(record => record.ValueText()));
        Assert.Equal(["1", "3", "5", "7", "9", "11", "13"], (await Log.ReadAllAsync("t", 1)).Select(record => record.ValueText()));
    }

    [Fact]
    public async Task Many_writers_and_readers_at_once_lose_and_repeat_nothing()
    {
        const int Writers = 4, Readers = 3, PerWriter = 5000;
        await EnsureAsync(new TopicSpec("t", 6));
        var seen = new List<string>();
        var left = Writers * PerWriter;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var readers = Enumerable.Range(0, Readers).Select(_ => Task.Run(
            async () =>
            {
                await using var consumer = Log.Subscribe("g", ["t"]);
                while (!done.IsCancellationRequested)
                {
                    ConsumedBatch batch;
                    try
                    {
                        batch = await consumer.PollAsync(500, TimeSpan.FromMinutes(5), done.Token);
                    }
                    catch (OperationCanceledException)
                    {
                        return;
                    }
                    lock (seen) seen.AddRange(batch.Records.Select(record => $"{record.Partition} {record.ValueText()}"));
                    await consumer.CommitAsync(batch.NextOffsets(), Token);
                    if (Interlocked.Add(ref left, -batch.Records.Count) <= 0) await done.CancelAsync();
                }
            },
            Token)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(
            async () =>
            {
                await using var producer = Log.CreateProducer();
                for (var i = 0; i < PerWriter; i++)
                {
                    producer.Append("t", $"{writer}.{i}", $"{writer} {i:D5}");
                    if (i % 97 == 0) await producer.FlushAsync(Token);
                }
                await producer.FlushAsync(Token);
            },
            Token)));
        await Task.WhenAll(readers);
        Assert.Equal(Writers * PerWriter, seen.Count);
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }
}
