using System.Globalization;
using Olist.Streaming.Log;

namespace Olist.Streaming.Tests.Log;

/// <summary>What a log is after its process, or a disk, failed in the middle of something.</summary>
public sealed class CrashTests : IDisposable
{
    const int Batches = 4, PerBatch = 3;
    const int Copies = 30, BurstsPerCopy = 100;

    static readonly TopicPartition T0 = new("t", 0);

    readonly TempFolder _folder = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    static Task<LocalEventLog> OpenAsync(string path, LocalLogOptions? options = null) =>
        LocalEventLog.OpenAsync(path, options ?? LocalLogOptions.Default, TimeProvider.System, Token);

    static string SegmentOf(string state, long baseOffset = 0) => Path.Combine(state, "log", "topics", "t", "0", baseOffset.ToString("D20", CultureInfo.InvariantCulture) + ".log");

    /// <summary>A log of some batches by a named producer; gives where each batch ends.</summary>
    async Task<List<int>> MakeAsync(string state)
    {
        var ends = new List<int>();
        await using var log = await OpenAsync(state);
        await log.EnsureTopicsAsync([new TopicSpec("t", 1)], Token);
        await using var producer = log.CreateProducer("p");
        for (var i = 0; i < Batches * PerBatch; i++)
        {
            producer.Append("t", $"key {i}", $"value {i}", sequence: i);
            if (i % PerBatch != PerBatch - 1) continue;
            await producer.FlushAsync(Token);
            ends.Add((int)new FileInfo(SegmentOf(state)).Length);
        }
        await using var consumer = log.Subscribe("g", ["t"]);
        await consumer.ReadAsync(Batches * PerBatch);
        await consumer.CommitAsync((T0, 5));
        await consumer.CommitAsync((T0, 12));
        return ends;
    }

    static async Task<int> CountGoodAsync(LocalEventLog log)
    {
        var records = await log.ReadAllAsync("t", 0);
        for (var i = 0; i < records.Count; i++) Assert.Equal((i, $"key {i}", $"value {i}"), (records[i].Offset, records[i].KeyText(), records[i].ValueText()));
        return records.Count;
    }

    [Fact]
    public async Task A_write_torn_at_any_byte_costs_only_its_own_batch()
    {
        var ends = await MakeAsync(_folder.Of("whole"));
        for (var length = ends[^2]; length < ends[^1]; length++)
        {
            var state = _folder.Of($"torn {length}");
            TempFolder.Copy(_folder.Of("whole"), state);
            using (var file = File.OpenHandle(SegmentOf(state), FileMode.Open, FileAccess.ReadWrite)) RandomAccess.SetLength(file, length);
            await using (var log = await OpenAsync(state))
            {
                Assert.Equal((Batches - 1) * PerBatch, await CountGoodAsync(log));
                Assert.Equal(length > ends[^2], log.Recovered.Any(tail => tail.File == SegmentOf(state) && tail.KeptBytes == ends[^2] && tail.DroppedBytes == length - ends[^2]));
                Assert.Contains(log.Recovered, tail => tail.Reason.Contains("had committed t[0] to 12, but the log ends at 9", StringComparison.Ordinal));
                Assert.Equal(9, await log.GetCommittedAsync("g", T0, Token));
                await using var producer = log.CreateProducer("p");
                Assert.Equal(8, await producer.GetLastSequenceAsync(T0, Token));
                for (var i = 0; i < Batches * PerBatch; i++) producer.Append("t", $"key {i}", $"value {i}", sequence: i);
                await producer.FlushAsync(Token);
            }
            await using var again = await OpenAsync(state);
            Assert.Empty(again.Recovered);
            Assert.Equal(Batches * PerBatch, await CountGoodAsync(again));
        }
    }

    [Fact]
    public async Task A_tail_of_zeros_is_taken_off()
    {
        var ends = await MakeAsync(_folder.Of("state"));
        using (var file = File.OpenHandle(SegmentOf(_folder.Of("state")), FileMode.Open, FileAccess.ReadWrite)) RandomAccess.SetLength(file, ends[^1] + 5000);
        await using var log = await OpenAsync(_folder.Of("state"));
        Assert.Equal(5000, Assert.Single(log.Recovered).DroppedBytes);
        Assert.Equal(Batches * PerBatch, await CountGoodAsync(log));
    }

    [Fact]
    public async Task A_flipped_bit_in_any_byte_is_never_read_as_data()
    {
        var ends = await MakeAsync(_folder.Of("whole"));
        var bytes = await File.ReadAllBytesAsync(SegmentOf(_folder.Of("whole")), Token);
        for (var at = 0; at < bytes.Length; at++)
        {
            var state = _folder.Of("flipped");
            TempFolder.Copy(_folder.Of("whole"), state);
            var flipped = bytes.ToArray();
            flipped[at] ^= (byte)(1 << (at % 8));
            await File.WriteAllBytesAsync(SegmentOf(state), flipped, Token);
            if (at < ends[^2])
            {
                // Good batches follow: nothing is guessed.
                var damaged = ends.FindLastIndex(end => end <= at) is var index and >= 0 ? ends[index] : 0;
                var exception = await Assert.ThrowsAsync<CorruptLogException>(() => OpenAsync(state));
                Assert.Contains($"{SegmentOf(state)}, byte {damaged}:", exception.Message, StringComparison.Ordinal);
                Assert.Equal(bytes.Length, new FileInfo(SegmentOf(state)).Length);
            }
            else
            {
                await using var log = await OpenAsync(state);
                Assert.Equal(ends[^2], log.Recovered[0].KeptBytes);
                Assert.Equal((Batches - 1) * PerBatch, await CountGoodAsync(log));
            }
            Directory.Delete(state, recursive: true);
        }
    }

    [Fact]
    public async Task A_flipped_bit_in_a_closed_segment_is_found_when_it_is_read()
    {
        var options = new LocalLogOptions { BatchBytes = 256, SegmentBytes = 512 };
        var state = _folder.Of("state");
        await using (var log = await OpenAsync(state, options))
        {
            await log.EnsureTopicsAsync([new TopicSpec("t", 1)], Token);
            await log.ProduceAsync("t", [.. Enumerable.Range(0, 100).Select(i => ($"key {i}", $"value {i}"))]);
        }
        var first = SegmentOf(state);
        var bytes = await File.ReadAllBytesAsync(first, Token);
        for (var at = 0; at < bytes.Length; at++)
        {
            var flipped = bytes.ToArray();
            flipped[at] ^= (byte)(1 << (at % 8));
            await File.WriteAllBytesAsync(first, flipped, Token);
            await using var log = await OpenAsync(state, options);
            var exception = await Assert.ThrowsAsync<CorruptLogException>(() => CountGoodAsync(log));
            Assert.Contains($"{first}, byte ", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_missing_segment_is_found()
    {
        var options = new LocalLogOptions { BatchBytes = 256, SegmentBytes = 512 };
        var state = _folder.Of("state");
        await using (var log = await OpenAsync(state, options))
        {
            await log.EnsureTopicsAsync([new TopicSpec("t", 1)], Token);
            await log.ProduceAsync("t", [.. Enumerable.Range(0, 100).Select(i => ($"key {i}", $"value {i}"))]);
        }
        File.Delete(Directory.EnumerateFiles(Path.GetDirectoryName(SegmentOf(state))!).Order(StringComparer.Ordinal).ElementAt(2));
        await using var again = await OpenAsync(state, options);
        var exception = await Assert.ThrowsAsync<CorruptLogException>(() => CountGoodAsync(again));
        Assert.Contains("a file is missing or cut off", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_file_among_the_segments_is_named()
    {
        await MakeAsync(_folder.Of("state"));
        var foreign = Path.Combine(Path.GetDirectoryName(SegmentOf(_folder.Of("state")))!, "notes.txt");
        await File.WriteAllTextAsync(foreign, "x", Token);
        Assert.Contains(foreign, (await Assert.ThrowsAsync<CorruptLogException>(() => OpenAsync(_folder.Of("state")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_group_offsets_are_cut_at_the_end_and_refused_in_the_middle()
    {
        await MakeAsync(_folder.Of("whole"));
        var journal = Path.Combine(_folder.Of("whole"), "log", "groups.journal");
        var bytes = await File.ReadAllBytesAsync(journal, Token);
        var firstEnd = bytes.Length / 2;
        for (var at = 0; at < bytes.Length; at++)
        {
            var flipped = bytes.ToArray();
            flipped[at] ^= 0x10;
            await File.WriteAllBytesAsync(journal, flipped, Token);
            if (at < firstEnd)
            {
                var exception = await Assert.ThrowsAsync<CorruptLogException>(() => OpenAsync(_folder.Of("whole")));
                Assert.Contains($"{journal}, byte 0:", exception.Message, StringComparison.Ordinal);
                continue;
            }
            await using var log = await OpenAsync(_folder.Of("whole"));
            Assert.Equal(5, await log.GetCommittedAsync("g", T0, Token));
            Assert.Equal(firstEnd, Assert.Single(log.Recovered).KeptBytes);
        }
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task A_copy_taken_at_any_moment_opens_as_a_prefix(int seed)
    {
        const int Keys = 4;
        var options = new LocalLogOptions { BatchBytes = 512, SegmentBytes = 32 * 1024 };
        await using var log = await OpenAsync(_folder.Of("live"), options);
        await log.EnsureTopicsAsync([new TopicSpec("t", Keys)], Token);
        using var bursts = new SemaphoreSlim(0);
        var writer = Task.Run(() => WriteAsync(log, Keys, seed, bursts), Token);
        for (var copy = 0; copy < Copies; copy++)
        {
            bursts.Release(BurstsPerCopy);
            var state = _folder.Of($"copy {copy}");
            TempFolder.Copy(_folder.Of("live"), state);
            await using (var copied = await OpenAsync(state, options))
            {
                await using var producer = copied.CreateProducer("p");
                for (var partition = 0; partition < Keys; partition++)
                {
                    var records = await copied.ReadAllAsync("t", partition);
                    for (var i = 0; i < records.Count; i++) Assert.Equal((i, $"{partition} {i}"), (records[i].Offset, records[i].ValueText()));
                    Assert.Equal(records.Count - 1, await producer.GetLastSequenceAsync(new TopicPartition("t", partition), Token));
                }
            }
            Directory.Delete(state, recursive: true);
        }
        await writer;
    }

    static async Task WriteAsync(LocalEventLog log, int partitions, int seed, SemaphoreSlim bursts)
    {
        var random = new Random(seed);
        var next = new int[partitions];
        await using var producer = log.CreateProducer("p");
        await using var consumer = log.Subscribe("g", ["t"]);
        for (var burst = 0; burst < Copies * BurstsPerCopy; burst++)
        {
            await bursts.WaitAsync(Token);
            for (var i = random.Next(40); i >= 0; i--)
            {
                var partition = random.Next(partitions);
                producer.Append("t", $"{partition}", $"{partition} {next[partition]}", sequence: next[partition]++, partition: partition);
            }
            await producer.FlushAsync(Token);
            var batch = await consumer.PollAsync(100, TimeSpan.Zero, Token);
            await consumer.CommitAsync(batch.NextOffsets(), Token);
        }
    }
}
