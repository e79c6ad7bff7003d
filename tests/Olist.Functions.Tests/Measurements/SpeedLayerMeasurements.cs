using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Olist.Formats.Avro;
using Olist.Formats.Columns;
using Olist.Pipeline.Model;
using Olist.Pipeline.Speed.Live;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Functions.Tests.Measurements;

/// <summary>Figures of the speed layer in the whole app, not checks: build with <c>-c Release</c> and run with <c>-explicit only -showLiveOutput</c>; <c>tests/bench/speed-layer.sh</c> does.</summary>
public sealed class SpeedLayerMeasurements(ITestOutputHelper output)
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static readonly string[] Stages = ["purchase", "approved", "delivered_carrier", "delivered_customer"];

    /// <summary>From the append to the log until the query API shows it: 1,000 status changes a second, one in 50 asked for without pause.</summary>
    [Fact(Explicit = true)]
    public async Task Latency_from_log_to_query()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("OLIST_BENCH_SECONDS") ?? "60", System.Globalization.CultureInfo.InvariantCulture);
        await using var running = await RunningApp.StartAsync(output, "--Olist:Clock=wall");
        await RunAsync(running, 5, []); // warm
        var collected = Collected();
        var quiet = await RunAsync(running, seconds, []);
        Report("quiet", quiet, collected);
        collected = Collected();
        var busy = await RunAsync(running, seconds, [(seconds / 3, () => running.PostAsync("/api/runs")), (seconds * 2 / 3, () => running.TriggerAsync("lake_upkeep"))]);
        Report("with a batch run and upkeep in the middle", busy, collected);
    }

    static (int Young, int Middle, int Old, TimeSpan Paused) Collected() => (GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2), GC.GetTotalPauseDuration());

    static string Since((int Young, int Middle, int Old, TimeSpan Paused) before) =>
        $"{GC.CollectionCount(0) - before.Young}/{GC.CollectionCount(1) - before.Middle}/{GC.CollectionCount(2) - before.Old}, paused {(GC.GetTotalPauseDuration() - before.Paused).TotalMilliseconds:F0} ms";

    async Task<List<double>> RunAsync(RunningApp running, int seconds, IReadOnlyList<(int AtSecond, Func<Task> What)> events)
    {
        var latencies = new List<double>();
        var asking = new List<Task>();
        await using var producer = running.App.Workspace.Log.CreateProducer();
        var writer = await running.WriterAsync(Token);
        var pending = new Queue<(int AtSecond, Func<Task> What)>(events);
        var watch = Stopwatch.StartNew();
        var start = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        for (var sent = 0; sent < seconds * 1000;)
        {
            if (pending.TryPeek(out var next) && watch.Elapsed.TotalSeconds >= next.AtSecond)
            {
                pending.Dequeue();
                asking.Add(next.What());
            }
            var due = (int)Math.Min(seconds * 1000, watch.ElapsedMilliseconds);
            if (due <= sent)
            {
                await Task.Delay(1, Token);
                continue;
            }
            for (; sent < due; sent++)
            {
                // An order's four events are a second apart from each other; each second a thousand orders move on by one.
                var (order, stage) = ($"{start:x12}{sent / 4000:x8}{sent % 1000:x12}", sent / 1000 % 4);
                var instant = (start + sent) * 1000;
                writer.Append(producer, order, Stages[stage], instant);
                if (sent % 50 == 0) asking.Add(AskAsync(order, stage, Stopwatch.GetTimestamp()));
            }
            await producer.FlushAsync(Token);
        }
        await Task.WhenAll(asking);
        return latencies;

        async Task AskAsync(string order, int stage, long appended)
        {
            await Task.Yield();
            var field = new[] { "purchase", "approve", "deliveredCarrier", "deliveredCustomer" }[stage];
            while (true)
            {
                using var answer = JsonDocument.Parse(await running.Client.GetByteArrayAsync($"/api/delivery/status?orderId={order}", Token));
                var items = answer.RootElement.GetProperty("items");
                if (items.GetArrayLength() > 0 && items[0].GetProperty(field).ValueKind == JsonValueKind.String) break;
                await Task.Delay(1, Token);
            }
            lock (latencies) latencies.Add(Stopwatch.GetElapsedTime(appended).TotalMilliseconds);
        }
    }

    void Report(string name, List<double> latencies, (int Young, int Middle, int Old, TimeSpan Paused) before)
    {
        latencies.Sort();
        double At(double part) => latencies[(int)((latencies.Count - 1) * part)];
        output.WriteLine($"latency, {name}: {latencies.Count} asked, p50 {At(0.5):F1} ms, p90 {At(0.9):F1} ms, p99 {At(0.99):F1} ms, max {At(1):F1} ms; collections {Since(before)}");
    }

    /// <summary>Status changes that wait in the log, until the live view has them all: wall and processor time.</summary>
    [Fact(Explicit = true)]
    public async Task Throughput_from_log_to_live_view()
    {
        const int Orders = 100_000, WarmUp = 2, Rounds = 6;
        var figures = new List<double>();
        await using var running = await RunningApp.StartAsync(output,
            ["--Olist:Clock=event", "--AzureWebJobs:batch_during_replay:Disabled=true", .. TableCatalog.BronzeTopics.Select(topic => $"--AzureWebJobs:ingest_{topic.Name}:Disabled=true")]);
        await using var producer = running.App.Workspace.Log.CreateProducer();
        var writer = await running.WriterAsync(Token);
        using var sampler = AllocationSampler.StartIfAsked();
        for (var round = -WarmUp; round < Rounds; round++)
        {
            var ids = Enumerable.Range(0, Orders).Select(order => $"{round + WarmUp:x8}{order:x24}").ToArray();
            var (wall, cpu, allocated, collected) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(), Collected());
            for (var stage = 0; stage < 4; stage++)
                foreach (var some in ids.Chunk(1_000)) writer.Append(producer, some, Stages[stage], 1_500_000_000_000_000 + (stage * 86_400_000_000L));
            await producer.FlushAsync(Token);
            var live = running.App.Host.Services.GetRequiredService<LiveOrders>();
            // Each order is looked up until it has arrived and then no more: copies of the whole view would be measured with it.
            for (var arrived = 0; arrived < Orders;)
            {
                while (arrived < Orders && live.Find(ids[arrived])?.Times.DeliveredCustomer is not null) arrived++;
                await Task.Delay(20, Token);
            }
            var used = Environment.CpuUsage.TotalTime - cpu;
            if (round >= 0) figures.Add(4 * Orders / used.TotalSeconds);
            output.WriteLine($"throughput, {(round < 0 ? "warming up" : $"round {round + 1}")}: {4 * Orders / wall.Elapsed.TotalSeconds:F0} events/s, {4 * Orders / used.TotalSeconds:F0} events per second of processor time, "
                + $"{(GC.GetTotalAllocatedBytes() - allocated) / (4 * Orders)} bytes allocated an event; collections {Since(collected)}");
            foreach (var type in sampler?.Take(4 * Orders) ?? []) output.WriteLine($"throughput, {type}");
        }
        figures.Sort();
        output.WriteLine($"throughput, {Rounds} rounds: median {(figures[(Rounds - 1) / 2] + figures[Rounds / 2]) / 2:F0}, worst {figures[0]:F0} events per second of processor time");
    }
}

/// <summary>The app in this process, on a lake of its own without a dataset.</summary>
sealed class RunningApp : IAsyncDisposable
{
    readonly string _folder;

    RunningApp(string folder, OlistApp app, HttpClient client) => (_folder, App, Client) = (folder, app, client);

    public OlistApp App { get; }
    public HttpClient Client { get; }

    public static async Task<RunningApp> StartAsync(ITestOutputHelper output, params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("olist-app-").FullName;
        var url = $"http://127.0.0.1:{20_000 + Random.Shared.Next(20_000)}";
        var app = await OlistApp.OpenAsync([$"--Olist:Lake={folder}/lake", "--Olist:Dataset=none", $"--Urls={url}", .. settings], builder => builder.Logging.SetMinimumLevel(LogLevel.Error), CancellationToken.None);
        await app.Host.StartAsync();
        output.WriteLine($"{url}, {folder}");
        return new RunningApp(folder, app, new HttpClient { BaseAddress = new Uri(url) });
    }

    public async Task<StatusWriter> WriterAsync(CancellationToken cancellationToken) =>
        new(await RecordEncoder.CreateAsync(App.Workspace.State.Registry, "order_status-value", AvroSchema.Parse(TableCatalog.OrderStatus.LoadSchemaJson()), cancellationToken));

    public Task PostAsync(string path) => SendAsync(path, "{}");

    /// <summary>Runs a timer function now.</summary>
    public Task TriggerAsync(string function) => SendAsync($"/admin/functions/{function}", "{\"input\":\"\"}");

    async Task SendAsync(string path, string body)
    {
        using var keys = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(App.Workspace.State.Folder, "host", "keys.json")));
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add("x-functions-key", keys.RootElement.GetProperty("master").GetString());
            using var response = await Client.SendAsync(request);
            if (response.StatusCode != System.Net.HttpStatusCode.Conflict)
            {
                response.EnsureSuccessStatusCode();
                return;
            }
            await Task.Delay(50); // the timer's run is under way
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.Host.StopAsync();
        await App.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Makes messages of <c>order_status</c>. Not for several threads.</summary>
sealed class StatusWriter(RecordEncoder encoder)
{
    readonly ArrayBufferWriter<byte> _value = new(256);

    public void Append(IEventProducer producer, string orderId, string status, long micros) => Append(producer, [orderId], status, micros);

    /// <summary>The same thing of several orders: a builder for each message would be measured with the app.</summary>
    public void Append(IEventProducer producer, IReadOnlyList<string> orderIds, string status, long micros)
    {
        var rows = new RowBatchBuilder(encoder.Columns, orderIds.Count);
        foreach (var orderId in orderIds)
        {
            rows.Bytes(0).Append(orderId);
            rows.Bytes(1).Append(status);
            rows.Longs(2).Append(micros);
        }
        var batch = rows.Build();
        for (var row = 0; row < orderIds.Count; row++)
        {
            _value.ResetWrittenCount();
            encoder.Encode(batch, row, _value);
            producer.Append("order_status", Encoding.UTF8.GetBytes(orderIds[row]), _value.WrittenSpan, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        }
    }
}
