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

    [Theory, InlineData(3), InlineData(4)]
    public async Task A_topic_compacts_itself_as_it_grows(int seed)
    {
        var random = new Random(seed);
        var latest = new Dictionary<string, string>();
        var folder = Path.Combine(_folder.Of("state"), "log", "topics", "status", "0");
        await using (var log = await OpenAsync())
        {
            await using var producer = log.CreateProducer("p");
            for (var i = 0; i < 8_000; i++)
            {
                var key = $"order {random.Next(60)}";
                producer.Append("status", key, latest[key] = $"state {i}", Now, sequence: i);
                if (i % 500 != 499) continue;
                await producer.FlushAsync(Token);
                // Some 400 KB are written in all. 60 records of some 50 bytes are to be kept, beside what came while they were looked for.
                await Eventually(() => new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Exists ? file.Length : 0) < 80_000);
            }
        }
        await using var again = await OpenAsync();
        var records = await again.ReadAllAsync("status", 0);
        Assert.Equal(latest.OrderBy(pair => pair.Key), records.GroupBy(record => record.KeyText()).Select(group => KeyValuePair.Create(group.Key, group.Last().ValueText())).OrderBy(pair => pair.Key));
        Assert.Equal(records.Select(record => record.Offset).Order().Distinct(), records.Select(record => record.Offset));
        await again.CompactAsync("status", Token);
        Assert.Equal(latest.Count, (await again.ReadAllAsync("status", 0)).Count);
        // Segments of 1,024 bytes, and the active one.
        Assert.InRange(Directory.EnumerateFiles(folder).Count(), 2, 8);
    }

    [Fact]
    public async Task A_merge_that_was_cut_off_before_it_removed_the_old_segments_repeats_nothing()
    {
        var folder = Path.Combine(_folder.Of("state"), "log", "topics", "status", "0");
        var copies = new Dictionary<string, byte[]>();
        List<(long, string)> expected;
        var options = Small with { SegmentBytes = 4096, CompactedSegmentBytes = 512 };
        await using (var log = await OpenAsync(options))
            for (var i = 0; i < 60; i++) await log.ProduceAsync("status", ($"order {i % 40}", $"{i}"));
        foreach (var path in Directory.EnumerateFiles(folder)) copies[path] = await File.ReadAllBytesAsync(path, Token);
        await using (var log = await OpenAsync(options))
        {
            await log.CompactAsync("status", Token);
            expected = [.. (await log.ReadAllAsync("status", 0)).Select(record => (record.Offset, record.KeyText()))];
            Assert.Equal(40, expected.Count);
        }
        var left = Directory.EnumerateFiles(folder).ToHashSet();
        var removed = copies.Where(copy => !left.Contains(copy.Key)).ToList();
        Assert.NotEmpty(removed);
        foreach (var (path, bytes) in removed) await File.WriteAllBytesAsync(path, bytes, Token);
        await using var again = await OpenAsync(options);
        Assert.Equal(expected, (await again.ReadAllAsync("status", 0)).Select(record => (record.Offset, record.KeyText())));
        Assert.Equal(left, Directory.EnumerateFiles(folder).ToHashSet());
    }

    static async Task Eventually(Func<bool> isSo)
    {
        while (!isSo()) await Task.Delay(1, Token);
    }

    [Fact]
    public async Task A_group_that_has_not_read_it_keeps_a_segment_for_as_long_again()
    {
        await using var log = await OpenAsync(Small with { RetentionAge = TimeSpan.FromHours(1) });
        await using var producer = log.CreateProducer();
        for (var i = 0; i < 100; i++) producer.Append("events", $"{i}", new string('x', 50), Now);
        await producer.FlushAsync(Token);
        var partition = new TopicPartition("events", 0);
        async Task<long> EarliestAsync() => (await log.GetWatermarksAsync(partition, Token)).Earliest;
        await log.SetCommittedAsync("quick", [KeyValuePair.Create(partition, 100L)], Token);
        await log.SetCommittedAsync("slow", [KeyValuePair.Create(partition, 30L)], Token);
        _clock.Advance(TimeSpan.FromMinutes(61));
        log.ApplyRetention();
        Assert.InRange(await EarliestAsync(), 1, 30);
        await log.SetCommittedAsync("slow", [KeyValuePair.Create(partition, 60L)], Token);
        log.ApplyRetention();
        Assert.InRange(await EarliestAsync(), 31, 60);
        _clock.Advance(TimeSpan.FromHours(1));
        log.ApplyRetention();
        Assert.InRange(await EarliestAsync(), 61, 100);
    }

    [Fact]
    public async Task What_never_fills_a_segment_grows_old_too()
    {
        await using var log = await OpenAsync(LocalLogOptions.Default with { RetentionAge = TimeSpan.FromHours(8) });
        await using var producer = log.CreateProducer();
        for (var hour = 0; hour < 48; hour++)
        {
            producer.Append("events", $"{hour}", "x", Now);
            await producer.FlushAsync(Token);
            _clock.Advance(TimeSpan.FromHours(1));
        }
        Assert.InRange((await log.ReadAllAsync("events", 0)).Count, 8, 12);
    }

    [Fact]
    public async Task Topics_that_are_not_meant_keep_everything()
    {
        await using var log = await OpenAsync(Small with { RetentionAge = TimeSpan.FromHours(1), IsRetained = topic => topic != "events" });
        await using var producer = log.CreateProducer();
        for (var i = 0; i < 100; i++) producer.Append("events", $"{i}", new string('x', 50), Now);
        for (var i = 0; i < 100; i++) producer.Append("status", $"{i}", new string('x', 50), Now);
        await producer.FlushAsync(Token);
        _clock.Advance(TimeSpan.FromHours(2));
        log.ApplyRetention();
        Assert.Equal(100, (await log.ReadAllAsync("events", 0)).Count);
        Assert.Equal(100, (await log.ReadAllAsync("status", 0)).Count); // compacted: no age
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
