using System.Text;
using Olist.FunctionsHost.Durable;
using Olist.FunctionsHost.Durable.Log;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Tests.Support;

namespace Olist.FunctionsHost.Tests.Durable;

public sealed class DurableLogTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static List<string> Read(TempFolder folder)
    {
        var records = new List<string>();
        new LogSegments(folder.Root).Recover(record => records.Add(Encoding.UTF8.GetString(record.Span)));
        return records;
    }

    static async Task WriteAsync(TempFolder folder, params string[] records)
    {
        var segments = new LogSegments(folder.Root);
        var last = segments.Recover(_ => { });
        using var log = new DurableLog(segments, last, DurableFlush.Disk, new PoolThreads());
        foreach (var record in records) await log.WhenDurable(log.Append(Encoding.UTF8.GetBytes(record)));
    }

    [Fact]
    public async Task What_was_durable_is_read_again_in_order()
    {
        using var folder = new TempFolder();
        await WriteAsync(folder, "one", "two");
        await WriteAsync(folder, "three");
        Assert.Equal(["one", "two", "three"], Read(folder));
    }

    [Theory]
    [InlineData(1), InlineData(5), InlineData(9), InlineData(12)]
    public async Task A_torn_tail_is_cut_off_and_written_over(int cutBytes)
    {
        using var folder = new TempFolder();
        await WriteAsync(folder, "one", "twotwo");
        var path = Directory.GetFiles(folder.Root, "*.wal").Single();
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path, Cancellation))[..^cutBytes], Cancellation);
        Assert.Equal(["one"], Read(folder));
        await WriteAsync(folder, "three");
        Assert.Equal(["one", "three"], Read(folder));
    }

    [Fact]
    public async Task Zeros_behind_the_end_are_a_torn_tail()
    {
        using var folder = new TempFolder();
        await WriteAsync(folder, "one");
        var path = Directory.GetFiles(folder.Root, "*.wal").Single();
        await File.AppendAllTextAsync(path, new string('\0', 100), Cancellation);
        Assert.Equal(["one"], Read(folder));
    }

    [Theory]
    [InlineData(1), InlineData(5), InlineData(9)]
    public async Task Damage_in_the_middle_is_named_by_file_and_offset(int at)
    {
        using var folder = new TempFolder();
        await WriteAsync(folder, "one", "two", "three");
        var path = Directory.GetFiles(folder.Root, "*.wal").Single();
        var bytes = await File.ReadAllBytesAsync(path, Cancellation);
        bytes[11 + at] ^= 0x40;
        await File.WriteAllBytesAsync(path, bytes, Cancellation);
        var error = Assert.Throws<CorruptStateException>(() => Read(folder));
        Assert.Contains($"{path}, offset 11", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_keep_the_order_under_many_writers_and_segments()
    {
        using var folder = new TempFolder();
        var segments = new LogSegments(folder.Root);
        var gate = new Lock();
        var written = new List<string>();
        using (var log = new DurableLog(segments, segments.Recover(_ => { }), DurableFlush.OperatingSystem, new PoolThreads()))
            await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
            {
                for (var i = 0; i < 200; i++)
                {
                    long position;
                    lock (gate)
                    {
                        if (writer == 0 && i % 50 == 49) log.Roll();
                        written.Add($"{writer}:{i}");
                        position = log.Append(Encoding.UTF8.GetBytes($"{writer}:{i}"));
                    }
                    await log.WhenDurable(position);
                }
            }, Cancellation)));
        Assert.Equal(5, segments.Existing().Count);
        Assert.Equal(written, Read(folder));
    }

    [Fact]
    public async Task Whoever_is_refused_by_a_broken_log_finds_its_host_stopped()
    {
        using var folder = new TempFolder();
        var segments = new LogSegments(folder.Root);
        DurableLog? log = null;
        Exception? refused = null;
        Task? appendedMeanwhile = null;
        using (log = new DurableLog(segments, segments.Recover(_ => { }), DurableFlush.OperatingSystem, new PoolThreads(), faults: new FailsAt(DurablePoint.BeforeLogGroupIsWritten), onBroken: _ =>
            refused = Record.Exception(() => { appendedMeanwhile = log!.WhenDurable(log.Append("two"u8)); })))
        {
            await Assert.ThrowsAsync<FunctionsHostException>(() => log.WhenDurable(log.Append("one"u8)));
            Assert.Null(refused); // Its owner was told first.
            await Assert.ThrowsAsync<FunctionsHostException>(() => appendedMeanwhile!);
            Assert.Throws<FunctionsHostException>(() => log.Append("three"u8));
        }
        Assert.Empty(Read(folder));
    }

    sealed class FailsAt(DurablePoint point) : IDurableFaults
    {
        public void At(DurablePoint reached, string instanceId)
        {
            if (reached == point) throw new DurableFaultException($"crash at {point}");
        }
    }

    [Fact]
    public async Task What_is_appended_after_a_roll_outlives_the_older_segment_however_late_the_writer_is()
    {
        using var folder = new TempFolder();
        var segments = new LogSegments(folder.Root);
        using (var log = new DurableLog(segments, segments.Recover(_ => { }), DurableFlush.OperatingSystem, new PoolThreads()))
        {
            await log.WhenDurable(log.Append("one"u8));
            Task rolled;
            long two;
            using (log.HoldWriter())
            {
                Assert.Equal(2, log.Roll());
                rolled = log.WhenRolled();
                two = log.Append("two"u8);
                Assert.False(rolled.IsCompleted);
                Assert.Equal([1], segments.Existing());
                // A second one would put "two" into the first segment.
                Assert.Contains("segment 2", Assert.Throws<InvalidOperationException>(() => log.Roll()).Message, StringComparison.Ordinal);
                Assert.Equal(2, log.Segment);
            }
            await rolled;
            Assert.Equal([1, 2], segments.Existing());
            segments.Publish(new DurableManifest(2), DurableFlush.OperatingSystem);
            segments.DeleteBefore(2);
            await log.WhenDurable(two);
            Assert.Equal(3, log.Roll());
            await log.WhenRolled();
            await log.WhenDurable(log.Append("three"u8));
        }
        Assert.Equal(["two", "three"], Read(folder));
    }

    [Fact]
    public async Task The_log_does_not_grow_without_bound()
    {
        using var folder = new TempFolder();
        await using var app = await DurableApp.StartAsync(folder, configure: options => options.DurableCheckpointBytes = 50_000);
        for (var i = 0; i < 300; i++)
        {
            await app.OutputAsync("Chain", "x");
            await app.Client.PurgeAllInstancesAsync(new Olist.FunctionsHost.DurableTask.Client.PurgeInstancesFilter(), Cancellation);
        }
        await Eventually.TrueAsync(() => Directory.GetFiles(Path.Combine(folder.Root, "state", "durable"), "*.wal").Sum(path => new FileInfo(path).Length) < 150_000, "the log to be compacted");
    }
}
