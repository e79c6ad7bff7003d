using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Durable;
using Olist.FunctionsHost.Durable.Engine;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.DurableTask.Entities;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Tests.Support;
using Olist.FunctionsHost.Triggers;
using Olist.Streaming;

namespace Olist.FunctionsHost.Tests.Stops;

/// <summary>
/// What the host's end does to functions that run is no failure of theirs: whether it is disposed of without a stop, as if it had been killed,
/// or its stopping cancels what they wait for. The next host does all of it.
/// </summary>
public sealed class HostStopTests : IDisposable
{
    static readonly DateTimeOffset Start = new(2018, 3, 1, 12, 1, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Due = Start.AddMinutes(4);
    static readonly EntityInstanceId Entity = new("HeldEntity", "e");

    readonly TempFolder _folder = new();
    readonly FakeLog _log = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    async Task<(TestHost Host, ManualClock Clock)> OpenAsync(Held held, Ending ending, DateTimeOffset at, string kafka, params Type[] functions) =>
        await OpenAsync(held, ending, at, kafka, null, functions);

    async Task<(TestHost Host, ManualClock Clock)> OpenAsync(Held held, Ending ending, DateTimeOffset at, string kafka, IDurableFaults? faults, params Type[] functions)
    {
        _folder.Write("host.json", $$"""{ "version": "2.0", "extensions": { "kafka": { {{kafka}} } } }""");
        _folder.Write("local.settings.json", """{ "Values": { "b": "local" } }""");
        await _log.EnsureTopicsAsync([new TopicSpec("orders", 2)], Cancellation);
        var clock = new ManualClock(at);
        var host = await TestHost.StartAsync(_folder, builder =>
        {
            builder.Services.AddSingleton(_ => held); // Made by the container, so disposed of by it.
            builder.Services.AddSingleton(typeof(Ending), ending);
            builder.Services.AddSingleton<IEventLog>(_log);
            if (faults is not null) builder.Services.AddSingleton(faults);
            if (functions.Contains(typeof(HeldTimer))) builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
            builder.ConfigureEmbeddedHost(options => options.DurableFlush = DurableFlush.OperatingSystem);
        }, functions);
        return (host, clock);
    }

    /// <summary>A host that ends while the function is held; nothing of it may be logged as a failure.</summary>
    async Task EndInTheMiddleAsync(Ending ending, Func<TestHost, ManualClock, Task> begin, string kafka, params Type[] functions)
    {
        var held = new Held();
        var (host, clock) = await OpenAsync(held, ending, Start, kafka, functions);
        var (invoker, engine, listeners) = (host.Services.GetRequiredService<FunctionInvoker>(), host.Services.GetRequiredService<DurableEngine>(), host.Services.GetRequiredService<ListenerSet>());
        held.Quiet = async () =>
        {
            await invoker.Running.WaitForIdleAsync(Cancellation);
            await Eventually.TrueAsync(() => engine.UnderWay == 0, "the engine to be idle");
        };
        await begin(host, clock);
        await held.Entered.WaitAsync(Cancellation);
        if (ending == Ending.Stopping) await host.StopLikeSignalAsync();
        await host.DisposeWithoutStopAsync();
        await listeners.DrainAsync();
        Assert.Empty(held.Done);
        Assert.DoesNotContain(host.Logs.Lines, line => line.Level >= LogLevel.Warning);
    }

    [Theory]
    [InlineData(Ending.Disposed, typeof(HeldBatch), """ "commitOnFailure": false, "maxRetries": 2 """)]
    [InlineData(Ending.Disposed, typeof(HeldBatch), """ "commitOnFailure": true """)]
    [InlineData(Ending.Disposed, typeof(HeldRetriedBatch), """ "commitOnFailure": false """)]
    [InlineData(Ending.Disposed, typeof(HeldSingle), """ "commitOnFailure": false, "maxRetries": 2 """)]
    [InlineData(Ending.Stopping, typeof(HeldBatch), """ "commitOnFailure": false, "maxRetries": 2 """)]
    [InlineData(Ending.Stopping, typeof(HeldBatch), """ "commitOnFailure": true """)]
    [InlineData(Ending.Stopping, typeof(HeldSingle), """ "commitOnFailure": true """)]
    public async Task Kafka_records_that_were_under_way_come_again(Ending ending, Type function, string kafka)
    {
        await EndInTheMiddleAsync(ending, async (host, _) =>
        {
            _log.Add("orders", 0, [1], [1]);
            await Eventually.TrueAsync(() => host.Services.GetRequiredService<FunctionInvoker>().Running.Count == 1, "the first record to be under way");
            _log.Add("orders", 0, [1], [2]); // Collected meanwhile: must not be run in its stead, and its offset must not be stored.
        }, kafka, function);
        Assert.Empty(_log.Commits);
        var held = new Held(isOpen: true);
        var (host, _) = await OpenAsync(held, ending, Start, kafka, function);
        await using (host) await Eventually.TrueAsync(() => _log.Committed("g", "orders", 0) == 2, "all offsets stored");
        Assert.Equal("0,1", string.Join(",", held.Done));
    }

    /// <summary>The disk fails for good: every signal is refused from then on, however often the function tries.</summary>
    [Theory]
    [InlineData(""" "commitOnFailure": true """), InlineData(""" "commitOnFailure": false, "maxRetries": 2 """), InlineData(""" "commitOnFailure": false, "maxRetries": -1 """)]
    public async Task Kafka_records_that_a_dead_engine_refused_come_again_after_a_restart(string kafka)
    {
        var (host, _) = await OpenAsync(new Held(), Ending.Disposed, Start, kafka, new FullDisk(), typeof(SignallingBatch), typeof(HeldEntity));
        await using (host)
        {
            _log.Add("orders", 0, [1], [1]);
            await Eventually.TrueAsync(() => host.Services.GetRequiredService<DurableEngine>().IsDead, "the engine to have met the full disk");
            await host.Services.GetRequiredService<ListenerSet>().DrainAsync();
        }
        Assert.Empty(_log.Commits);
        var (again, _) = await OpenAsync(new Held(isOpen: true), Ending.Disposed, Start, kafka, typeof(SignallingBatch), typeof(HeldEntity));
        await using (again) await Eventually.TrueAsync(() => _log.Committed("g", "orders", 0) == 1, "the offset stored");
    }

    sealed class FullDisk : IDurableFaults
    {
        public void At(DurablePoint point, string instanceId)
        {
            if (point == DurablePoint.BeforeLogGroupIsWritten) throw new IOException("no space left on device");
        }
    }

    [Theory]
    [InlineData(Ending.Disposed), InlineData(Ending.Stopping)]
    public async Task A_timer_that_was_under_way_is_caught_up(Ending ending)
    {
        await EndInTheMiddleAsync(ending, async (_, clock) =>
        {
            await Eventually.TrueAsync(() => clock.WaitsUntil(Due), "the timer to be set");
            clock.AdvanceTo(Due);
        }, "", typeof(HeldTimer));
        var held = new Held(isOpen: true);
        var (host, clock) = await OpenAsync(held, ending, Due.AddMinutes(1), "", typeof(HeldTimer));
        await using (host) await Eventually.TrueAsync(() => clock.WaitsUntil(Due.AddMinutes(5)), "the next run to be planned");
        Assert.Equal(["timer"], held.Done);
    }

    [Theory]
    [InlineData(Ending.Disposed, "callsActivity", typeof(HeldActivity), "x, done")]
    [InlineData(Ending.Disposed, "heldOrchestrator", typeof(HeldOrchestrator), "x, done")]
    [InlineData(Ending.Disposed, "callsEntity", typeof(HeldEntity), "5")]
    [InlineData(Ending.Stopping, "callsActivity", typeof(HeldActivity), "x, done")]
    [InlineData(Ending.Stopping, "heldOrchestrator", typeof(HeldOrchestrator), "x, done")]
    [InlineData(Ending.Stopping, "callsEntity", typeof(HeldEntity), "5")]
    public async Task Orchestrations_go_on_from_the_last_durable_step(Ending ending, string name, Type functions, string output)
    {
        await EndInTheMiddleAsync(ending, (host, _) => host.Services.GetRequiredService<DurableTaskClient>()
            .ScheduleNewOrchestrationInstanceAsync(name, "x", new StartOrchestrationOptions("i"), Cancellation), "", functions);
        var (host, _) = await OpenAsync(new Held(isOpen: true), ending, Start, "", functions);
        await using (host)
        {
            var ended = await host.Services.GetRequiredService<DurableTaskClient>().WaitForInstanceCompletionAsync("i", true, Cancellation);
            Assert.Equal((OrchestrationRuntimeStatus.Completed, output), (ended.RuntimeStatus, ended.SerializedOutput!.Trim('"')));
        }
    }

    [Theory]
    [InlineData(Ending.Disposed), InlineData(Ending.Stopping)]
    public async Task Operations_of_entities_are_neither_dropped_nor_doubled(Ending ending)
    {
        await EndInTheMiddleAsync(ending, async (host, _) =>
        {
            var entities = host.Services.GetRequiredService<DurableTaskClient>().Entities;
            foreach (var operation in (string[])["Add", "AddHeld", "Add"]) await entities.SignalEntityAsync(Entity, operation, 1, cancellation: Cancellation);
        }, "", typeof(HeldEntity));
        var (host, _) = await OpenAsync(new Held(isOpen: true), ending, Start, "", typeof(HeldEntity));
        await using (host)
        {
            var (entities, engine) = (host.Services.GetRequiredService<DurableTaskClient>().Entities, host.Services.GetRequiredService<DurableEngine>());
            await Eventually.TrueAsync(() => engine.UnderWay == 0, "the entity to have taken in all");
            Assert.Equal(3, (await entities.GetEntityAsync<int>(Entity, true, Cancellation))!.State);
        }
    }
}
