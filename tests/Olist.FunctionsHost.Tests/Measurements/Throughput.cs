using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Tests.Durable;
using Olist.FunctionsHost.Tests.Support;
using Olist.FunctionsHost.Worker;
using Olist.Streaming;
using Olist.Streaming.Log;

namespace Olist.FunctionsHost.Tests.Measurements;

/// <summary>Figures, not checks: build with <c>-c Release</c> and run with <c>-explicit only</c>.</summary>
public sealed class Throughput(ITestOutputHelper output)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public sealed class Tiny
    {
        [Function("tiny")]
        public static IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Results.Json(new { status = "ok", number = 12345 });
    }

    public sealed class Counted
    {
        public long Records { get; set; }
        public long Bytes { get; set; }
    }

    public sealed class Counter(Counted counted)
    {
        [Function("count")]
        public Task Run([KafkaTrigger("local", "orders", ConsumerGroup = "g", IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records)
        {
            counted.Records += records.Length;
            foreach (var record in records) counted.Bytes += record.Value.Length;
            return Task.CompletedTask;
        }
    }

    [Fact(Explicit = true)]
    public async Task Http_requests_per_second()
    {
        await using var host = await TestHost.StartAsync(null, builder => builder.Logging.ClearProviders(), typeof(Tiny));
        var clients = Enumerable.Range(0, 16).Select(_ => new HttpClient { BaseAddress = host.Client.BaseAddress }).ToList();
        for (var round = 0; round < 3; round++)
        {
            var count = 0;
            var watch = Stopwatch.StartNew();
            await Task.WhenAll(clients.Select(client => Task.Run(async () =>
            {
                while (watch.Elapsed < TimeSpan.FromSeconds(4))
                {
                    await client.GetStringAsync("/api/tiny", Cancellation);
                    Interlocked.Increment(ref count);
                }
            }, Cancellation)));
            output.WriteLine($"{count / watch.Elapsed.TotalSeconds:0} requests/s, HttpClient in the same process, 16 connections");
        }
        if (Environment.GetEnvironmentVariable("HOST_HOLD") is { } seconds)
        {
            Console.WriteLine($"holding {host.Client.BaseAddress}");
            await Task.Delay(TimeSpan.FromSeconds(int.Parse(seconds, null)), Cancellation);
        }
    }

    [Theory(Explicit = true)]
    [InlineData(64), InlineData(1000), InlineData(10_000)]
    public async Task Kafka_records_per_second(int maxBatchSize)
    {
        const int Count = 1_000_000;
        using var folder = new TempFolder();
        folder.Write("host.json", $$"""{ "version": "2.0", "extensions": { "kafka": { "maxBatchSize": {{maxBatchSize}} } } }""");
        var log = new FakeLog();
        await log.EnsureTopicsAsync([new TopicSpec("orders", 4)], Cancellation);
        var value = new byte[80];
        for (var i = 0; i < Count; i++) log.Add("orders", i % 4, Encoding.UTF8.GetBytes($"{i:D32}"), value);
        var counted = new Counted();
        var watch = Stopwatch.StartNew();
        await using var host = await TestHost.StartAsync(folder, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(counted);
            builder.Services.AddSingleton<IEventLog>(log);
        }, typeof(Counter));
        while (counted.Records < Count) await Task.Delay(1, Cancellation);
        output.WriteLine($"maxBatchSize {maxBatchSize}: {Count / watch.Elapsed.TotalSeconds:0} records/s (start of the host included)");
    }

    [Theory(Explicit = true)]
    [InlineData(64), InlineData(10_000)]
    public async Task Kafka_records_per_second_from_the_local_log(int maxBatchSize)
    {
        const int Count = 2_000_000;
        using var folder = new TempFolder();
        folder.Write("host.json", $$"""{ "version": "2.0", "extensions": { "kafka": { "maxBatchSize": {{maxBatchSize}} } } }""");
        await using var log = await LocalEventLog.OpenAsync(Path.Combine(folder.Root, "log"), LocalLogOptions.Default, TimeProvider.System, Cancellation);
        await log.EnsureTopicsAsync([new TopicSpec("orders", 4)], Cancellation);
        await using (var producer = log.CreateProducer())
        {
            var value = new byte[80];
            for (var i = 0; i < Count; i++) producer.Append("orders", Encoding.UTF8.GetBytes($"{i:D32}"), value, 1_700_000_000_000);
            await producer.FlushAsync(Cancellation);
        }
        var counted = new Counted();
        var watch = Stopwatch.StartNew();
        await using var host = await TestHost.StartAsync(folder, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(counted);
            builder.Services.AddSingleton<IEventLog>(log);
        }, typeof(Counter));
        while (counted.Records < Count) await Task.Delay(1, Cancellation);
        output.WriteLine($"local log, maxBatchSize {maxBatchSize}: {Count / watch.Elapsed.TotalSeconds:0} records/s (start of the host included)");
    }

    /// <summary>From the append until the function is entered, 1,000 records a second.</summary>
    [Fact(Explicit = true)]
    public async Task Kafka_latency_on_the_local_log()
    {
        using var folder = new TempFolder();
        await using var log = await LocalEventLog.OpenAsync(Path.Combine(folder.Root, "log"), LocalLogOptions.Default, TimeProvider.System, Cancellation);
        await log.EnsureTopicsAsync([new TopicSpec("orders", 4)], Cancellation);
        var latencies = new Latencies();
        await using var host = await TestHost.StartAsync(folder, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(latencies);
            builder.Services.AddSingleton<IEventLog>(log);
        }, typeof(Stopwatcher));
        await using var producer = log.CreateProducer();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 10_000; i++)
        {
            while (Stopwatch.GetElapsedTime(started).TotalMilliseconds < i) await Task.Yield();
            producer.Append("orders", Encoding.UTF8.GetBytes($"{i}"), BitConverter.GetBytes(Stopwatch.GetTimestamp()), 1_700_000_000_000);
            await producer.FlushAsync(Cancellation);
        }
        while (latencies.Milliseconds.Count < 10_000) await Task.Delay(1, Cancellation);
        latencies.Milliseconds.Sort();
        output.WriteLine($"append to function: p50 {latencies.Milliseconds[5000]:0.00} ms, p99 {latencies.Milliseconds[9900]:0.00} ms, max {latencies.Milliseconds[^1]:0.00} ms");
    }

    public sealed class Latencies
    {
        public List<double> Milliseconds { get; } = [];
    }

    public sealed class Stopwatcher(Latencies latencies)
    {
        [Function("latency")]
        public Task Run([KafkaTrigger("local", "orders", ConsumerGroup = "g", IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records)
        {
            var now = Stopwatch.GetTimestamp();
            foreach (var record in records) latencies.Milliseconds.Add(Stopwatch.GetElapsedTime(BitConverter.ToInt64(record.Value), now).TotalMilliseconds);
            return Task.CompletedTask;
        }
    }

    [Theory(Explicit = true)]
    [InlineData(DurableFlush.Disk, 32), InlineData(DurableFlush.Disk, 1000), InlineData(DurableFlush.OperatingSystem, 1000)]
    public async Task Five_activity_orchestrations_per_second(DurableFlush flush, int atOnce)
    {
        await using var host = await TestHost.StartAsync(null, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(new Durable.Trace());
            builder.ConfigureEmbeddedHost(options => options.DurableFlush = flush);
        }, typeof(Orchestrations), typeof(Activities));
        var client = host.Services.GetRequiredService<DurableTaskClient>();
        for (var round = 0; round < 3; round++)
        {
            const int Count = 10_000;
            var next = 0;
            var watch = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
            {
                while (Interlocked.Increment(ref next) <= Count)
                {
                    var id = await client.ScheduleNewOrchestrationInstanceAsync("Chain", "x", Cancellation);
                    await client.WaitForInstanceCompletionAsync(id, Cancellation);
                }
            }, Cancellation)));
            output.WriteLine($"{flush}, {atOnce} at once: {Count / watch.Elapsed.TotalSeconds:0} orchestrations/s");
        }
        var alone = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            var watch = Stopwatch.StartNew();
            var id = await client.ScheduleNewOrchestrationInstanceAsync("Chain", "x", Cancellation);
            await client.WaitForInstanceCompletionAsync(id, Cancellation);
            alone.Add(watch.Elapsed.TotalMilliseconds);
        }
        alone.Sort();
        output.WriteLine($"{flush}, alone: p50 {alone[100]:0.00} ms, p99 {alone[198]:0.00} ms");
    }
}
