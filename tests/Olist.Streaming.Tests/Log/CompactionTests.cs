using Olist.Streaming.Log;

namespace Olist.Streaming.Tests.Log;

public sealed class CompactionTests : IDisposable
{
    static readonly LocalLogOptions Small = new() { BatchBytes = 256, SegmentBytes = 1024 };

    readonly TempFolder _folder = new();
    readonly ManualClock _clock = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    async Task<LocalEventLog> OpenAsync(LocalLogOptions? options = null)
    {
        var log = await LocalEventLog.OpenAsync(_folder.Of("state"), options ?? Small, _clock, Token);
        await log.EnsureTopicsAsync([new TopicSpec("status", 1, Compacted: true), new TopicSpec("events", 1)], Token);
        return log;
    }

    long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    [Theory, InlineData(5), InlineData(6)]
    public async Task Only_the_latest_record_of_each_key_stays_with_its_offset(int seed)
    {
        var random = new Random(seed);
        var latest = new SortedDictionary<long, (string Key, string Value)>();
        await using (var log = await OpenAsync())
        {
            await using var producer = log.CreateProducer("p");
            await using var slow = log.Assign([new(new TopicPartition("status", 0), 0)]);
            await slow.PollAsync(1, TimeSpan.Zero, Token);
            var offset = 0L;
            for (var round = 0; round < 5; round++)
            {
                for (var i = 0; i < 300; i++)
                {
                    var key = $"order {random.Next(40)}";
                    foreach (var old in latest.Where(pair => pair.Value.Key == key).Select(pair => pair.Key).ToArray()) latest.Remove(old);
                    latest.Add(offset, (key, $"state {offset}"));
                    producer.Append("status", key, $"state {offset}", Now, sequence: offset++);
                }
                await producer.FlushAsync(Token);
                await log.CompactAsync("status", Token);
                Assert.Equal(latest.Select(pair => (pair.Key, pair.Value.Key, pair.Value.Value)), (await log.ReadAllAsync("status", 0)).Select(record => (record.Offset, record.KeyText(), record.ValueText())));
            }
            // A reader that was in the middle goes on with what is left behind its place.
            var rest = await slow.DrainAsync();
            Assert.Equal(latest.Keys.Where(one => one > 0), rest.Select(record => record.Offset).Where(latest.ContainsKey));
            Assert.Equal((0, offset), await log.GetWatermarksAsync(new TopicPartition("status", 0), Token));
        }
        await using var again = await OpenAsync();
        Assert.Equal(latest.Keys, (await again.ReadAllAsync("status", 0)).Select(record => record.Offset));
        await using var back = again.CreateProducer("p");
        Assert.Equal(1499, await back.GetLastSequenceAsync(new TopicPartition("status", 0), Token));
    }

    [Fact]
    public async Task A_tombstone_goes_when_everybody_has_had_time_to_see_it()
    {
        await using var log = await OpenAsync(Small with { TombstoneRetention = TimeSpan.FromHours(1) });
        await using var producer = log.CreateProducer();
        producer.Append("status", "a", "1", Now);
        producer.Append("status", "b", "1", Now);
        producer.Append("status", "a"u8, default, Now, tombstone: true);
        await producer.FlushAsync(Token);
        await log.CompactAsync("status", Token);
        Assert.Equal([("b", false), ("a", true)], (await log.ReadAllAsync("status", 0)).Select(record => (record.KeyText(), record.IsTombstone)));
        _clock.Advance(TimeSpan.FromHours(2));
        await log.CompactAsync("status", Token);
        Assert.Equal("b", Assert.Single(await log.ReadAllAsync("status", 0)).KeyText());
        Assert.Equal((0, 3), await log.GetWatermarksAsync(new TopicPartition("status", 0), Token));
        await using var consumer = log.Subscribe("g", ["status"]);
        Assert.Single(await consumer.DrainAsync());
        producer.Append("status", "c", "1", Now);
        await producer.FlushAsync(Token);
        Assert.Equal((3L, "c"), (await consumer.ReadAsync(1)).Select(record => (record.Offset, record.KeyText())).Single());
    }

    [Fact]
    public async Task Headers_and_timestamps_survive()
    {
        await using var log = await OpenAsync();
        await using var producer = log.CreateProducer();
        producer.Append("status", "x"u8, "gone"u8, Now);
        producer.Append("status", "a"u8, "1"u8, Now + 5, headers: [new RecordHeader("h", [9])]);
        producer.Append("status", "x"u8, "2"u8, Now - 7);
        await producer.FlushAsync(Token);
        await log.CompactAsync("status", Token);
        var records = await log.ReadAllAsync("status", 0);
        Assert.Equal([(1L, Now + 5), (2L, Now - 7)], records.Select(record => (record.Offset, record.TimestampMs)));
        Assert.Equal([9], Assert.Single(records[0].Headers).Value);
    }

    [Fact]
    public async Task A_topic_that_was_not_created_for_it_is_not_compacted()
    {
        await using var log = await OpenAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await log.CompactAsync("events", Token));
    }

    [Fact]
    public async Task A_compaction_that_was_cut_off_changes_nothing()
    {
        await using (var log = await OpenAsync()) await log.ProduceAsync("status", ("a", "1"), ("a", "2"));
        var folder = Path.Combine(_folder.Of("state"), "log", "topics", "status", "0");
        await File.WriteAllTextAsync(Path.Combine(folder, "00000000000000000000.log.new"), "half", Token);
        await using var again = await OpenAsync();
        Assert.Equal(2, (await again.ReadAllAsync("status", 0)).Count);
        Assert.Single(Directory.EnumerateFiles(folder));
    }

    [Fact]
    public async Task Old_segments_go_by_age_and_by_size_but_never_the_last()
    {
        await using var log = await OpenAsync(Small with { RetentionAge = TimeSpan.FromHours(1), RetentionBytes = 4000 });
        await using var producer = log.CreateProducer("p");
        async Task FillAsync(int from, int count)
        {
            for (var i = from; i < from + count; i++) producer.Append("events", $"{i}", new string('x', 50), Now, sequence: i);
            await producer.FlushAsync(Token);
        }
        await FillAsync(0, 500);
        var (bySize, latest) = await log.GetWatermarksAsync(new TopicPartition("events", 0), Token);
        Assert.InRange(latest - bySize, 30, 80);
        Assert.Equal(bySize, (await log.ReadAllAsync("events", 0))[0].Offset);
        _clock.Advance(TimeSpan.FromHours(2));
        log.ApplyRetention();
        var (byAge, _) = await log.GetWatermarksAsync(new TopicPartition("events", 0), Token);
        Assert.InRange(latest - byAge, 1, 20);
        await using var consumer = log.Subscribe("g", ["events"]);
        Assert.Equal(byAge, (await consumer.DrainAsync())[0].Offset);
        Assert.Equal(499, await producer.GetLastSequenceAsync(new TopicPartition("events", 0), Token));
        await log.DisposeAsync();
        await using var again = await OpenAsync();
        await using var back = again.CreateProducer("p");
        Assert.Equal(499, await back.GetLastSequenceAsync(new TopicPartition("events", 0), Token));
    }
}
