using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.DurableTask.Client.Entities;
using Olist.Functions.Operations;

namespace Olist.Functions.Tests.Crashes.Child;

/// <summary>Keeps the app busy over HTTP while it replays its dataset (runs, upkeep, suspend, resume, purge), until all has settled and stands still.</summary>
sealed class BusyClient(OlistApp app, string url, SortedDictionary<string, string>? expected) : IDisposable
{
    const string Batch = "/runtime/webhooks/durabletask/instances/olist-batch";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    readonly HttpClient _http = new() { BaseAddress = new Uri(url) };

    public async Task<(string? Unsettled, SortedDictionary<string, string> Entities)> RunAsync()
    {
        using (var keys = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(app.Workspace.State.Folder, "host", "keys.json"))))
            _http.DefaultRequestHeaders.Add("x-functions-key", keys.RootElement.GetProperty("master").GetString());
        var until = DateTime.UtcNow + Patience;
        string? unsettled;
        while (true)
        {
            await CallAsync(HttpMethod.Post, "/api/runs", HttpStatusCode.Conflict);
            await CallAsync(HttpMethod.Post, Batch + "/suspend?reason=crash", HttpStatusCode.Gone);
            await CallAsync(HttpMethod.Post, Batch + "/resume?reason=crash", HttpStatusCode.Gone);
            await CallAsync(HttpMethod.Post, "/admin/functions/stream_tables");
            unsettled = await UnsettledAsync();
            if (unsettled is null || DateTime.UtcNow > until) break;
            await Task.Delay(100);
        }
        // The last run, its purge and a full upkeep are part of what must leave everything as it is.
        while (!await CallAsync(HttpMethod.Delete, Batch, HttpStatusCode.NotFound) && DateTime.UtcNow < until) await Task.Delay(50);
        await CallAsync(HttpMethod.Post, "/admin/functions/lake_upkeep");
        await CallAsync(HttpMethod.Post, "/admin/functions/stream_tables");
        return (unsettled, await EntitiesAsync());
    }

    /// <returns>What is not done yet.</returns>
    async Task<string?> UnsettledAsync()
    {
        if (!app.Host.Services.GetRequiredService<ReplayProgress>().IsOver) return "the replay is not over";
        if (!await app.Workspace.IsSettledAsync(CancellationToken.None)) return "gold has not all that is in the log";
        var log = app.Workspace.Log;
        foreach (var group in await log.ListGroupsAsync(CancellationToken.None))
            foreach (var (partition, next) in await log.ListCommittedAsync(group, CancellationToken.None))
                if ((await log.GetWatermarksAsync(partition, CancellationToken.None)).Latest is var latest && latest > next) return $"group {group} is at {next} of {latest} in {partition}";
        var entities = await EntitiesAsync();
        if (expected is null)
        {
            await Task.Delay(1_500);
            return entities.SequenceEqual(await EntitiesAsync()) ? null : "entities still change";
        }
        var different = entities.Except(expected).Concat(expected.Except(entities)).Select(entity => $"{entity.Key} {entity.Value}").Order(StringComparer.Ordinal).ToArray();
        return different.Length == 0 ? null : $"{different.Length} entity states differ, here or in the undisturbed run: {string.Join("; ", different.Take(4))}";
    }

    /// <summary>All entities, without what depends on when and how often messages came: arrival (m) and version (v) of an order.</summary>
    async Task<SortedDictionary<string, string>> EntitiesAsync()
    {
        var entities = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var client = app.Host.Services.GetRequiredService<DurableTaskClient>();
        await foreach (var entity in client.Entities.GetAllEntitiesAsync(new EntityQuery { IncludeState = true }))
        {
            var state = JsonNode.Parse(entity.State.Value)!.AsObject();
            if (entity.Id.Name == "order" && state.Remove("m")) state.Remove("v");
            entities.Add(entity.Id.ToString(), state.ToJsonString());
        }
        return entities;
    }

    /// <returns>False when it was answered with the refusal that the caller expects.</returns>
    async Task<bool> CallAsync(HttpMethod method, string path, HttpStatusCode refusal = HttpStatusCode.OK)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent("{\"input\":\"\"}", Encoding.UTF8, "application/json") };
        using var response = await _http.SendAsync(request);
        if (response.StatusCode == refusal && refusal != HttpStatusCode.OK) return false;
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return true;
    }

    public void Dispose() => _http.Dispose();
}
