using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Tests.Support;
using Olist.FunctionsHost.Worker;
using Olist.Streaming;

namespace Olist.FunctionsHost.Tests.Kafka;

public sealed class KafkaTriggerTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public sealed class Seen
    {
        public ConcurrentQueue<object> Values { get; } = new();
        public ConcurrentQueue<string> Notes { get; } = new();
        public Func<object, Task> OnValue { get; set; } = _ => Task.CompletedTask;

        public Task TakeAsync(object value)
        {
            Values.Enqueue(value);
            return OnValue(value);
        }
    }

    public sealed class Batch(Seen seen)
    {
        [Function("batch")]
        public Task Run([KafkaTrigger("BrokerList", "%TOPIC%", ConsumerGroup = "g", IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records) => seen.TakeAsync(records);
    }

    public sealed class BatchWithRetry(Seen seen)
    {
        [Function("retried"), FixedDelayRetry(2, "00:00:00")]
        public Task Run([KafkaTrigger("b", "orders", ConsumerGroup = "g", IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, FunctionContext context)
        {
            seen.Notes.Enqueue($"{context.RetryContext.RetryCount}/{context.RetryContext.MaxRetryCount}");
            return seen.TakeAsync(records);
        }
    }

    public sealed class Single(Seen seen)
    {
        [Function("single")]
        public Task Run([KafkaTrigger("b", "orders", ConsumerGroup = "g", KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord record, long offset, int partition, string topic)
        {
            seen.Notes.Enqueue($"{topic}[{partition}]@{offset}");
            return seen.TakeAsync(record);
        }
    }

    public sealed class Bytes(Seen seen)
    {
        [Function("bytes")]
        public Task One([KafkaTrigger("b", "orders", ConsumerGroup = "bytes")] byte[] value) => seen.TakeAsync(value);

        [Function("manyBytes")]
        public Task Many([KafkaTrigger("b", "orders", ConsumerGroup = "manyBytes", IsBatched = true)] byte[][] values) => seen.TakeAsync(values);

        [Function("text")]
        public Task Text([KafkaTrigger("b", "orders", ConsumerGroup = "text")] string envelope) => seen.TakeAsync(envelope);

        [Function("texts")]
        public Task Texts([KafkaTrigger("b", "orders", ConsumerGroup = "texts", IsBatched = true, KeyDataType = KafkaMessageKeyType.Int)] string[] envelopes) => seen.TakeAsync(envelopes);
    }

    static async Task<(TestHost Host, FakeLog Log, Seen Seen)> StartAsync(TempFolder folder, Type functions, string kafka = "", FakeLog? log = null, Seen? seen = null)
    {
        folder.Write("host.json", $$"""{ "version": "2.0", "extensions": { "kafka": { {{kafka}} } } }""");
        folder.Write("local.settings.json", """{ "Values": { "TOPIC": "orders", "BrokerList": "local" } }""");
        log ??= new FakeLog();
        seen ??= new Seen();
        await log.EnsureTopicsAsync([new TopicSpec("orders", 3)], Cancellation);
        var host = await TestHost.StartAsync(folder, builder =>
        {
            builder.Services.AddSingleton(seen);
            builder.Services.AddSingleton<IEventLog>(log);
        }, functions);
        return (host, log, seen);
    }

    static byte[] B(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public async Task A_batch_brings_raw_records_and_stores_its_offsets_after_success()
    {
        using var folder = new TempFolder();
        var (host, log, seen) = await StartAsync(folder, typeof(Batch));
        await using (host)
        {
            log.Add("orders", 1, [0xFF, 1], [0, 255], new RecordHeader("h", B("v")));
            log.Add("orders", 1, [], null);
            await Eventually.TrueAsync(() => log.Committed("g", "orders", 1) == 2, "both offsets stored");
            var records = seen.Values.Cast<KafkaRecord[]>().SelectMany(r => r).ToList();
            Assert.Equal([0L, 1L], records.Select(r => r.Offset));
            Assert.Equal([0xFF, 1], records[0].Key);
            Assert.Equal([0, 255], records[0].Value);
            Assert.Equal("v", records[0].Headers.Single().GetValueAsString());
            Assert.Equal((1_700_000_000_000, KafkaTimestampType.NotAvailable), (records[0].Timestamp.UnixTimestampMs, records[0].Timestamp.Type));
            Assert.Null(records[1].Key);
            Assert.Null(records[1].Value);
            Assert.Empty(records[1].Headers);
            var lag = await host.Services.GetRequiredService<IKafkaLag>().GetAsync(Cancellation);
            Assert.Equal([("orders", 0, 0L), ("orders", 1, 0L), ("orders", 2, 0L)], lag.Select(l => (l.Topic, l.Partition, l.Lag)));
        }
    }

    [Theory]
    [InlineData(typeof(Batch)), InlineData(typeof(Single))]
    public async Task What_a_function_cancels_itself_is_a_failure_like_any_other_and_runs_again(Type function)
    {
        using var folder = new TempFolder();
        var times = 0;
        var seen = new Seen { OnValue = _ => Interlocked.Increment(ref times) < 3 ? throw new TaskCanceledException("a client's timeout") : Task.CompletedTask };
        var (host, log, _) = await StartAsync(folder, function, """ "commitOnFailure": false, "maxRetries": 5 """, seen: seen);
        await using (host)
        {
            log.Add("orders", 1, [1], [1]);
            await Eventually.TrueAsync(() => log.Committed("g", "orders", 1) == 1, "the offset stored");
            Assert.Equal(3, times);
        }
    }

    [Fact]
    public async Task Batches_of_one_function_never_overlap_and_never_pass_the_size()
    {
        using var folder = new TempFolder();
        var running = 0;
        var seen = new Seen
        {
            OnValue = async _ =>
            {
                Assert.Equal(1, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
            },
        };
        var log = new FakeLog();
        for (var i = 0; i < 500; i++) log.Add("orders", i % 3, B($"{i}"), B($"{i}"));
        var (host, _, _) = await StartAsync(folder, typeof(Batch), "\"maxBatchSize\": 64", log, seen);
        await using (host)
        {
            await Eventually.TrueAsync(() => Enumerable.Range(0, 3).Sum(p => log.Committed("g", "orders", p)) == 500, "all stored");
            var batches = seen.Values.Cast<KafkaRecord[]>().ToList();
            Assert.All(batches, batch => Assert.InRange(batch.Length, 1, 64));
            foreach (var partition in batches.SelectMany(b => b).GroupBy(r => r.Partition))
                Assert.Equal(partition.Select(r => r.Offset), partition.Select(r => r.Offset).Order());
        }
    }

    [Fact]
    public async Task By_default_a_failed_batch_is_stored_and_lost()
    {
        using var folder = new TempFolder();
        var seen = new Seen { OnValue = _ => throw new InvalidOperationException("no") };
        var (host, log, _) = await StartAsync(folder, typeof(Batch), "", null, seen);
        await using (host)
        {
            log.Add("orders", 0, B("k"), B("v"));
            await Eventually.TrueAsync(() => log.Committed("g", "orders", 0) == 1, "stored");
            Assert.Single(seen.Values);
        }
    }

    [Fact]
    public async Task Without_commitOnFailure_a_batch_runs_one_and_maxRetries_times_then_is_skipped()
    {
        using var folder = new TempFolder();
        var seen = new Seen { OnValue = value => ((KafkaRecord[])value)[0].Offset == 0 ? throw new InvalidOperationException("no") : Task.CompletedTask };
        var (host, log, _) = await StartAsync(folder, typeof(Batch), "\"commitOnFailure\": false, \"maxRetries\": 3, \"maxBatchSize\": 1", null, seen);
        await using (host)
        {
            log.Add("orders", 0, B("k"), B("poison"));
            log.Add("orders", 0, B("k"), B("good"));
            await Eventually.TrueAsync(() => log.Committed("g", "orders", 0) == 2, "stored");
            Assert.Equal([0L, 0L, 0L, 0L, 1L], seen.Values.Cast<KafkaRecord[]>().Select(batch => batch[0].Offset));
            Assert.Contains(host.Logs.Lines, line => line.Message.Contains("force-committed", StringComparison.Ordinal) && line.Message.Contains("4 times", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_retry_attribute_runs_inside_each_of_these_executions()
    {
        using var folder = new TempFolder();
        var seen = new Seen { OnValue = _ => throw new InvalidOperationException("no") };
        var (host, log, _) = await StartAsync(folder, typeof(BatchWithRetry), "\"commitOnFailure\": false, \"maxRetries\": 1", null, seen);
        await using (host)
        {
            log.Add("orders", 0, B("k"), B("v"));
            await Eventually.TrueAsync(() => log.Committed("g", "orders", 0) == 1, "stored");
            Assert.Equal(["0/2", "1/2", "2/2", "0/2", "1/2", "2/2"], seen.Notes);
        }
    }

    [Fact]
    public async Task What_a_stop_interrupts_comes_again_at_the_next_start()
    {
        using var folder = new TempFolder();
        var log = new FakeLog();
        var failing = new Seen { OnValue = _ => throw new InvalidOperationException("no") };
        var (host, _, _) = await StartAsync(folder, typeof(Batch), "\"commitOnFailure\": false, \"maxRetries\": -1", log, failing);
        await using (host)
        {
            log.Add("orders", 2, B("k"), B("v"));
            await Eventually.TrueAsync(() => failing.Values.Count > 2, "failing again and again");
            await host.StopAsync();
        }
        Assert.Equal(0, log.Committed("g", "orders", 2));
        var (again, _, seen) = await StartAsync(folder, typeof(Batch), "\"commitOnFailure\": false", log);
        await using (again) await Eventually.TrueAsync(() => log.Committed("g", "orders", 2) == 1, "stored by the second host");
        Assert.Single(seen.Values);
    }

    [Fact]
    public async Task A_stop_lets_the_running_batch_finish_and_stores_it()
    {
        using var folder = new TempFolder();
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var seen = new Seen
        {
            OnValue = _ =>
            {
                started.TrySetResult();
                return release.Task;
            },
        };
        var (host, log, _) = await StartAsync(folder, typeof(Batch), "\"maxBatchSize\": 1", null, seen);
        await using (host)
        {
            log.Add("orders", 0, B("k"), B("1"));
            log.Add("orders", 0, B("k"), B("2"));
            await started.Task.WaitAsync(Cancellation);
            var stopping = host.StopAsync();
            Assert.False(stopping.IsCompleted);
            release.SetResult();
            await stopping;
            Assert.Equal(1, log.Committed("g", "orders", 0));
            Assert.Single(seen.Values);
        }
    }

    [Fact]
    public async Task Single_records_keep_the_order_of_their_partition_and_bind_coordinates()
    {
        using var folder = new TempFolder();
        var log = new FakeLog();
        for (var i = 0; i < 60; i++) log.Add("orders", i % 3, B($"{i}"), B($"{i}"));
        var (host, _, seen) = await StartAsync(folder, typeof(Single), "", log);
        await using (host)
        {
            await Eventually.TrueAsync(() => seen.Values.Count == 60, "all seen");
            foreach (var partition in seen.Values.Cast<KafkaRecord>().GroupBy(r => r.Partition))
                Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), partition.Select(r => r.Offset));
            Assert.Contains("orders[2]@19", seen.Notes);
        }
    }

    [Fact]
    public async Task Bytes_are_bare_values_and_texts_are_envelopes()
    {
        using var folder = new TempFolder();
        var log = new FakeLog();
        log.Add("orders", 0, [0, 0, 0, 7], B("{\"a\":1}"), new RecordHeader("h", B("v")));
        log.Add("orders", 0, [1, 2], null);
        var (host, _, seen) = await StartAsync(folder, typeof(Bytes), "", log);
        await using (host)
        {
            await Eventually.TrueAsync(() => ((string[])["bytes", "manyBytes", "text", "texts"]).All(group => log.Committed(group, "orders", 0) == 2), "all stored");
            Assert.Contains(seen.Values, value => value is byte[] bytes && bytes.AsSpan().SequenceEqual(B("{\"a\":1}")));
            Assert.Contains(seen.Values, value => value is byte[] { Length: 0 });
            Assert.Equal([7, 0], seen.Values.OfType<byte[][]>().SelectMany(v => v).Select(v => v.Length));
            var envelope = JsonDocument.Parse(seen.Values.OfType<string>().First(text => text.Contains("\"Offset\":0", StringComparison.Ordinal))).RootElement;
            Assert.Equal("{\"a\":1}", envelope.GetProperty("Value").GetString());
            Assert.Equal("dg==", envelope.GetProperty("Headers")[0].GetProperty("Value").GetString());
            var texts = seen.Values.OfType<string[]>().SelectMany(t => t).ToList();
            Assert.Single(texts); // The second record's key is no Int: logged and passed over.
            Assert.Equal(7, JsonDocument.Parse(texts[0]).RootElement.GetProperty("Key").GetInt32());
            Assert.Contains(host.Logs.Lines, line => line.EventId == 4303);
        }
    }
}
