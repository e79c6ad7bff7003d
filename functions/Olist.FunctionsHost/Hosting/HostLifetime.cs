using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Durable.Engine;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.State;
using Olist.FunctionsHost.Triggers;
using Olist.FunctionsHost.Triggers.Http;

namespace Olist.FunctionsHost.Hosting;

/// <summary>Start: lock the state, recover, serve, then listen. Stop: take nothing new, finish what runs within the drain limit, then cancel it.</summary>
sealed partial class HostLifetime(
    HostState state, KeyRing keys, FunctionSet functions, FunctionInvoker invoker, HostStop stop, ListenerSet listeners, ListenerFactory factory, DurableEngine durable,
    FunctionsHostOptions options, IServer server, TimeProvider time, ILogger<HostLifetime> logger) : IHostedLifecycleService
{
    IReadOnlyList<string> _unused = [];

    public DateTimeOffset StartedAt { get; private set; }

    public string State { get; private set; } = "Initializing";

    public void NoteUnused(IReadOnlyList<string> settings) => _unused = settings;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (_unused.Count > 0) LogUnused(string.Join(", ", _unused));
        state.Open();
        keys.Load();
        factory.Check();
        durable.Recover();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        StartedAt = time.GetUtcNow();
        durable.Start();
        listeners.Start(factory.Create);
        State = "Running";
        LogStarted(functions.All.Count, functions.All.Count(f => f.Descriptor.IsDisabled),
            string.Join(", ", server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []), state.Root);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        State = "Stopping";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.DrainTimeout);
        var drained = DrainAsync(limit.Token);
        try
        {
            await drained.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            LogCancelled(invoker.Running.Count, options.DrainTimeout);
            stop.Abort();
            // What honours its token ends now, and its listener can still store what it finished.
            await Task.WhenAny(drained, Task.Delay(TimeSpan.FromSeconds(5), CancellationToken.None));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        durable.Dispose();
        state.Dispose();
        State = "Stopped";
        return Task.CompletedTask;
    }

    async Task DrainAsync(CancellationToken cancellationToken)
    {
        await listeners.DrainAsync();
        await durable.StopAsync(cancellationToken);
        await invoker.Running.WaitForIdleAsync(cancellationToken);
    }

    [LoggerMessage(EventId = 4010, Level = LogLevel.Information, Message = "{Count} functions ({Disabled} disabled) at {Urls}, state in {State}")]
    partial void LogStarted(int count, int disabled, string urls, string state);

    [LoggerMessage(EventId = 4011, Level = LogLevel.Information, Message = "These settings of host.json have no effect in the embedded host: {Settings}")]
    partial void LogUnused(string settings);

    [LoggerMessage(EventId = 4012, Level = LogLevel.Warning, Message = "{Count} invocations did not end within the drain limit ({Limit}); their tokens are cancelled")]
    partial void LogCancelled(int count, TimeSpan limit);
}
