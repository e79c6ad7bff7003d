using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Durable;
using Olist.Pipeline.Steps;
using Olist.Storage;
using Olist.Testing.Stores;

namespace Olist.Functions.Tests.Crashes.Child;

/// <summary>This very assembly started again as the app, with a client in it that keeps it busy: whole, but for the wires that tell of durable steps.</summary>
static class CrashingApp
{
    /// <returns>The exit code, or null when this process is a test runner.</returns>
    public static async Task<int?> RunWhenAskedAsync()
    {
        if (ChildOrder.Find() is not { } order) return null;
        var steps = new DurableSteps(order.KillAt, order.KillAtTime);
        using var files = new StepFiles(WorkspaceOptions.StateOf(order.Lake), steps);
        await using var app = await OpenAsync(order, steps, FreePort() is var port ? $"http://127.0.0.1:{port}" : "");
        await app.Host.StartAsync();
        string? unsettled;
        SortedDictionary<string, string> entities;
        using (var client = new BusyClient(app, $"http://127.0.0.1:{port}", order.Entities is null ? null : Load(order.Entities)))
            (unsettled, entities) = await client.RunAsync();
        await app.Host.StopAsync();
        await File.WriteAllBytesAsync(order.Report, JsonSerializer.SerializeToUtf8Bytes(new ChildReport(steps.Met, entities, unsettled)));
        return 0;
    }

    static Task<OlistApp> OpenAsync(ChildOrder order, DurableSteps steps, string url) => OlistApp.OpenAsync(
        [
            $"--Olist:Lake={order.Lake}", $"--Olist:Dataset={order.Dataset}", "--Olist:Replay:Speed=4000", "--Olist:Clock=event", $"--Urls={url}", "--Olist:Log:Partitions=2",
            "--Olist:Stream:Schedule=* * * * * *", "--Olist:Upkeep:LightSchedule=*/2 * * * * *", "--FunctionsHost:DurableCheckpointBytes=20000",
        ],
        builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Services.AddSingleton<IDurableFaults>(new StepFaults(steps));
        },
        CancellationToken.None,
        options => options with
        {
            StoreFilter = store => new StepStore(order.LoseAnswers ? Losing(store) : store, steps, store.RootUri.EndsWith("/pipeline", StringComparison.Ordinal) ? "files" : "lake"),
            LogFilter = log => new StepLog(log, steps, order.LoseAnswers),
        });

    /// <summary>Each commit happens, and its writer is told that nobody knows.</summary>
    static FaultyStore Losing(IObjectStore store) => new(store) { Faults = call => call.Verb == StoreVerb.Create ? Fault.LostAnswer : Fault.None };

    static SortedDictionary<string, string> Load(string file) => JsonSerializer.Deserialize<ChildReport>(File.ReadAllBytes(file))!.Entities;

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
