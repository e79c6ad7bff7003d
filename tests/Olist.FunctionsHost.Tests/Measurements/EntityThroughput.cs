using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Durable.Engine;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.DurableTask.Entities;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Tests.Support;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Tests.Measurements;

/// <summary>Figures, not checks: build with <c>-c Release</c> and run with <c>-explicit only</c>.</summary>
public sealed class EntityThroughput(ITestOutputHelper output)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public sealed record Payload(string Status, long Timestamp);

    public sealed class OrderState
    {
        public long Purchase { get; set; }
        public long Approve { get; set; }
        public int Events { get; set; }
        public string? Status { get; set; }
    }

    public sealed class OrderEntity : TaskEntity<OrderState>
    {
        [Function("Order")]
        public static Task Run([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<OrderEntity>();

        public void Apply(Payload payload)
        {
            State.Status = payload.Status;
            State.Purchase = payload.Timestamp;
            State.Events++;
        }
    }

    /// <summary>Signals in batches as a Kafka function sends them, until every one is in a state that is durable.</summary>
    [Theory(Explicit = true)]
    [InlineData("one entity", 1, 500_000, 1000, 1), InlineData("one entity", 1, 500_000, 1000, 8), InlineData("one signal each", 200_000, 200_000, 1000, 8), InlineData("ten signals each", 50_000, 500_000, 500, 8)]
    public async Task Operations_per_second(string what, int entities, int count, int batch, int senders)
    {
        using var folder = new TempFolder();
        await using var host = await StartAsync(folder, DurableFlush.Disk);
        var client = host.Services.GetRequiredService<DurableTaskClient>().Entities;
        for (var round = 0; round < 3; round++)
        {
            var (watch, cpu) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
            var next = -batch;
            await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(async () =>
            {
                while (Interlocked.Add(ref next, batch) is var first && first < count)
                    await Task.WhenAll(Enumerable.Range(first, batch).Select(i => client.SignalEntityAsync(Id(round, i % entities), "Apply", new Payload("delivered_carrier", i), null, Cancellation)));
            }, Cancellation)));
            var acknowledged = watch.Elapsed;
            while (await client.GetEntityAsync(Id(round, (count - 1) % entities), Cancellation) is null || Pending(host) > 0) await Task.Delay(1, Cancellation);
            var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
            output.WriteLine($"{what}, {senders} senders of batches of {batch}: {count / watch.Elapsed.TotalSeconds:0} operations/s ({count / acknowledged.TotalSeconds:0} acknowledged/s), "
                + $"{used.TotalMicroseconds / count:0.0} us of CPU each = {count / used.TotalSeconds:0} per second and core");
        }
    }

    public sealed class ReminderState
    {
        public long Last { get; set; }
        public int Count { get; set; }
        public bool WasLate { get; set; }
    }

    public sealed class Reminder : TaskEntity<ReminderState>
    {
        [Function("Reminder")]
        public static Task Run([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<Reminder>();

        public void Ring(long due)
        {
            State.WasLate |= due < State.Last;
            State.Last = due;
            State.Count++;
        }
    }

    /// <summary>Ten to each of 100,000 entities, at times in a day drawn by lot; the day goes by in 24 steps. Each entity gets its own in the order of their times.</summary>
    [Fact(Explicit = true)]
    public async Task A_million_delayed_signals()
    {
        const int Entities = 100_000, Each = 10;
        using var folder = new TempFolder();
        var clock = new ManualClock(new DateTimeOffset(2018, 3, 1, 0, 0, 0, TimeSpan.Zero));
        await using var host = await TestHost.StartAsync(folder, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
            builder.ConfigureEmbeddedHost(options => options.DurableFlush = DurableFlush.OperatingSystem);
        }, typeof(Reminder));
        var (client, engine) = (host.Services.GetRequiredService<DurableTaskClient>().Entities, host.Services.GetRequiredService<DurableEngine>());
        var (random, before, watch) = (new Random(1), Rss(), Stopwatch.StartNew());
        for (var round = 0; round < Each; round++)
            for (var first = 0; first < Entities; first += 1000)
                await Task.WhenAll(Enumerable.Range(first, 1000).Select(i =>
                {
                    var due = clock.GetUtcNow().AddSeconds(random.Next(1, 86_400));
                    return client.SignalEntityAsync(new EntityInstanceId("Reminder", $"{i}"), "Ring", due.UtcTicks, new SignalEntityOptions { SignalTime = due }, Cancellation);
                }));
        await engine.CheckpointAsync();
        output.WriteLine($"{Entities * Each} delayed signals taken in {watch.Elapsed.TotalSeconds:0} s, {Disk(folder) >> 20} MB of disk, {before} MB resident before and {Rss()} MB with them");
        watch.Restart();
        for (var hour = 0; hour < 24; hour++)
        {
            clock.Advance(TimeSpan.FromHours(1));
            while (Pending(host) > 0) await Task.Yield();
        }
        output.WriteLine($"all delivered in {watch.Elapsed.TotalSeconds:0} s, {Rss()} MB resident");
        for (var i = 0; i < Entities; i++)
        {
            var state = (await client.GetEntityAsync<ReminderState>(new EntityInstanceId("Reminder", $"{i}"), true, Cancellation))!.State; // All have had some.
            Assert.Equal((Each, false), (state.Count, state.WasLate));
        }
    }

    internal static EntityInstanceId Id(int round, int i) => new("order", $"{round:x8}{i:x24}");

    internal static int Pending(TestHost host) => host.Services.GetRequiredService<DurableEngine>().UnderWay;

    internal static long Disk(TempFolder folder) => new DirectoryInfo(folder.Root).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    internal static long Rss() => Process.GetCurrentProcess().WorkingSet64 >> 20;

    internal static Task<TestHost> StartAsync(TempFolder folder, DurableFlush flush) => TestHost.StartAsync(folder, builder =>
    {
        builder.Logging.ClearProviders();
        builder.ConfigureEmbeddedHost(options => options.DurableFlush = flush);
    }, typeof(OrderEntity));
}
