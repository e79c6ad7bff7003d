using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Olist.FunctionsHost.Durable.Engine;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Tests.Support;

namespace Olist.FunctionsHost.Tests.Measurements;

/// <summary>
/// What millions of entities take of disk and memory: made by one process, opened by another, as memory that one has given back to itself only
/// says nothing of the next. <c>tests/bench/entities.sh</c> runs both; HOST_ENTITIES is how many, HOST_ENTITIES_FOLDER where.
/// </summary>
public sealed class ManyEntities(ITestOutputHelper output)
{
    const int Reads = 20_000;
    const long MostDisk = 4_000_000_000, MostMemory = 1_000_000_000;

    static readonly int Count = int.Parse(Environment.GetEnvironmentVariable("HOST_ENTITIES") ?? "1000000", CultureInfo.InvariantCulture);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Made()
    {
        using var folder = Folder();
        await using var host = await EntityThroughput.StartAsync(folder, DurableFlush.OperatingSystem);
        var client = host.Services.GetRequiredService<DurableTaskClient>().Entities;
        var watch = Stopwatch.StartNew();
        for (var first = 0; first < Count; first += 1000)
            await Task.WhenAll(Enumerable.Range(first, Math.Min(1000, Count - first))
                .Select(i => client.SignalEntityAsync(EntityThroughput.Id(0, i), "Apply", new EntityThroughput.Payload("delivered_carrier", i), null, Cancellation)));
        while (EntityThroughput.Pending(host) > 0) await Task.Delay(1, Cancellation);
        output.WriteLine($"{Count} entities made in {watch.Elapsed.TotalSeconds:0} s: {Megabytes(EntityThroughput.Disk(folder))} of disk, {Memory()}");
        await host.Services.GetRequiredService<DurableEngine>().CheckpointAsync();
        output.WriteLine($"after a checkpoint: {Megabytes(EntityThroughput.Disk(folder))} of disk, {Memory()}");
        Judge(folder);
    }

    [Fact(Explicit = true)]
    public async Task Opened()
    {
        using var folder = Folder();
        var before = Memory();
        var watch = Stopwatch.StartNew();
        await using var host = await EntityThroughput.StartAsync(folder, DurableFlush.OperatingSystem);
        output.WriteLine($"a new process ({before} before) is ready in {watch.Elapsed.TotalMilliseconds:0} ms: {Memory()}");
        var entities = host.Services.GetRequiredService<DurableTaskClient>().Entities;
        var random = new Random(1);
        watch.Restart();
        for (var read = 0; read < Reads; read++)
        {
            var i = random.Next(Count);
            var state = (await entities.GetEntityAsync<EntityThroughput.OrderState>(EntityThroughput.Id(0, i), true, Cancellation))!.State; // All have been made.
            Assert.Equal((i, 1), (state.Purchase, state.Events));
        }
        output.WriteLine($"{Reads / watch.Elapsed.TotalSeconds:0} random reads/s: {Memory()}");
        Judge(folder);
    }

    static void Judge(TempFolder folder)
    {
        Assert.InRange(EntityThroughput.Disk(folder), 1, MostDisk);
        Assert.InRange(Process.GetCurrentProcess().PeakWorkingSet64, 1, MostMemory);
    }

    static TempFolder Folder() => TempFolder.Kept(Environment.GetEnvironmentVariable("HOST_ENTITIES_FOLDER")
        ?? throw new InvalidOperationException("HOST_ENTITIES_FOLDER says where the entities are; run tests/bench/entities.sh."));

    static string Memory()
    {
        using var process = Process.GetCurrentProcess();
        return $"{Megabytes(process.WorkingSet64)} resident, {Megabytes(process.PeakWorkingSet64)} at most";
    }

    static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000} MB");
}
