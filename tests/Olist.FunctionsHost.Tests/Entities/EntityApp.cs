using Olist.FunctionsHost.Durable;
using Olist.FunctionsHost.DurableTask.Client.Entities;
using Olist.FunctionsHost.DurableTask.Entities;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Tests.Durable;
using Olist.FunctionsHost.Tests.Support;

namespace Olist.FunctionsHost.Tests.Entities;

/// <summary>A host with the entities of the tests.</summary>
sealed class EntityApp(DurableApp app) : IAsyncDisposable
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public DurableApp Durable => app;

    public DurableEntityClient Entities => app.Client.Entities;

    public static async Task<EntityApp> StartAsync(
        TempFolder? folder = null, TimeProvider? time = null, IDurableFaults? faults = null, Trace? trace = null, Action<FunctionsHostOptions>? configure = null) =>
        new(await DurableApp.StartAsync(folder, time, faults, trace, configure, typeof(Account), typeof(Tally), typeof(OddEntities), typeof(EntityOrchestrations)));

    public static EntityInstanceId Id(string key, string name = "Account") => new(name, key);

    public Task SignalAsync(string key, string operation, object? input = null, DateTimeOffset? at = null) =>
        Entities.SignalEntityAsync(Id(key), operation, input, at is { } time ? new SignalEntityOptions { SignalTime = time } : null, Cancellation);

    public async Task<AccountState?> StateAsync(string key) => await Entities.GetEntityAsync<AccountState>(Id(key), true, Cancellation) is { } entity ? entity.State : null;

    public async Task<int?> BalanceAsync(string key) => (await StateAsync(key))?.Balance;

    public async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"Waited too long for: {what}; the engine {(app.Engine.IsDead ? "is dead" : "runs")}");
            Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public Task UntilBalanceAsync(string key, int balance) => UntilAsync(async () => await BalanceAsync(key) == balance, $"a balance of {balance} in {key}");

    /// <summary>An operation called by an orchestration: its result as text, or how it failed.</summary>
    public Task<string> CallAsync(string call) => app.OutputAsync("CallingOperation", call);

    public async Task<string[]> IdsAsync(EntityQuery? query = null)
    {
        var ids = new List<string>();
        await foreach (var entity in Entities.GetAllEntitiesAsync(query)) ids.Add(entity.Id.ToString());
        ids.Sort(StringComparer.Ordinal);
        return [.. ids];
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
