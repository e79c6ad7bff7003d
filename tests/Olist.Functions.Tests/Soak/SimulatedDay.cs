using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Extensions.Hosting;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Invocation;
using Olist.Pipeline.Speed.Live;
using Olist.Pipeline.Speed.Topics;
using Olist.Pipeline.Steps;
using Olist.Pipeline.Steps.Publishing;
using Olist.Storage;
using Olist.Streaming;

namespace Olist.Functions.Tests.Soak;

/// <summary>The whole app, host and all, by a clock that jumps when nothing happens: every timer fires as often as in a day, and batch runs and upkeep go on beside the traffic.</summary>
/// <remarks>While anything runs, simulated time passes at most 50 times as fast as real time, so that what takes long is met by traffic and timers as it would be.</remarks>
sealed class SimulatedDay : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    readonly OlistApp _app;
    readonly Traffic _traffic;
    readonly FunctionInvoker _invoker;
    readonly IKafkaLag _lag;
    readonly StatusFeed _feed;
    readonly Counter _seconds;

    sealed class Counter
    {
        public int Value;
    }

    SimulatedDay(OlistApp app, SimulatedClock clock, Traffic traffic, Counter seconds, string folder)
    {
        (_app, Clock, _traffic, _seconds, Folder) = (app, clock, traffic, seconds, folder);
        var services = app.Host.Services;
        (_invoker, _lag, _feed) = (services.GetRequiredService<FunctionInvoker>(), services.GetRequiredService<IKafkaLag>(), services.GetRequiredService<StatusFeed>());
    }

    public SimulatedClock Clock { get; }
    public string Folder { get; }
    public Workspace Workspace => _app.Workspace;
    public IServiceProvider Services => _app.Host.Services;
    public int MessagesSent => _traffic.Sent;
    public TimeSpan Elapsed => Clock.GetUtcNow() - Start;

    public static async Task<SimulatedDay> StartAsync(string folder, string dataset, Action<string> say, CancellationToken cancellationToken, params string[] settings)
    {
        var (clock, seconds) = (new SimulatedClock(Start), new Counter());
        var app = await OlistApp.OpenAsync(
            [
                $"--Olist:Lake={folder}/lake", "--Olist:Dataset=none", "--Olist:Clock=event", "--Urls=http://127.0.0.1:0", "--FunctionsHost:DurableFlush=OperatingSystem", .. settings,
            ],
            builder =>
            {
                builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddProvider(new Said(say));
                builder.UseMiddleware(async (context, next) =>
                {
                    await next();
                    if (context.FunctionDefinition.Name == "detect_late") Interlocked.Increment(ref seconds.Value);
                });
            },
            cancellationToken,
            // The disk's own speed is not what is looked at.
            options => options with { StoreFilter = store => new LocalObjectStore(new Uri(store.RootUri).LocalPath, Storage.Durability.Process, clock) },
            clock);
        await app.Host.StartAsync(cancellationToken);
        return new SimulatedDay(app, clock, await Traffic.OpenAsync(dataset, app.Workspace, cancellationToken), seconds, folder);
    }

    /// <summary>Sends all that is left in even shares every <paramref name="pause"/> until <paramref name="end"/>.</summary>
    /// <param name="every">Called at each whole minute, while nothing moves but what runs.</param>
    public async Task RunAsync(TimeSpan trafficEnd, TimeSpan pause, TimeSpan end, Func<TimeSpan, Task> every, CancellationToken cancellationToken)
    {
        var next = Elapsed + pause;
        var minute = TimeSpan.FromMinutes(Math.Floor(Elapsed.TotalMinutes) + 1);
        while (Elapsed < end)
        {
            if (Elapsed >= next)
            {
                await _traffic.SendAsync((int)Math.Min(_traffic.Messages, _traffic.Messages * (next / trafficEnd)), Clock.GetUtcNow(), cancellationToken);
                next += pause;
            }
            if (Elapsed >= minute)
            {
                await every(minute);
                minute += TimeSpan.FromMinutes(1);
            }
            await MoveAsync(cancellationToken);
        }
    }

    /// <summary>Time goes on until all that was sent is in gold.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        for (var until = Elapsed + TimeSpan.FromHours(1); !await Workspace.IsSettledAsync(cancellationToken) || !await IsQuietAsync(cancellationToken);)
        {
            if (Elapsed > until) throw new TimeoutException("What was sent has not reached gold within an hour.");
            for (var i = 0; i < 60; i++) await MoveAsync(cancellationToken);
        }
    }

    /// <summary>Lets what runs come to its end.</summary>
    public async Task CalmAsync(CancellationToken cancellationToken)
    {
        while (!await IsQuietAsync(cancellationToken)) await MoveAsync(cancellationToken);
    }

    async Task MoveAsync(CancellationToken cancellationToken)
    {
        if (await IsQuietAsync(cancellationToken))
        {
            var second = Clock.GetUtcNow() is var now ? now.AddTicks(TimeSpan.TicksPerSecond - (now.Ticks % TimeSpan.TicksPerSecond)) : default;
            var (before, watch) = (Volatile.Read(ref _seconds.Value), Stopwatch.StartNew());
            Clock.GoTo(second);
            // One timer is due every second: when that has run, the others of this second have at least begun.
            while (Volatile.Read(ref _seconds.Value) == before && watch.ElapsedMilliseconds < 20) await Task.Yield();
            return;
        }
        Clock.GoTo(Clock.GetUtcNow() + Tick);
        await Task.Delay(1, cancellationToken);
    }

    async ValueTask<bool> IsQuietAsync(CancellationToken cancellationToken)
    {
        if (_invoker.Running.Count > 0) return false;
        foreach (var lag in await _lag.GetAsync(cancellationToken))
            if (lag.Lag > 0) return false;
        var statuses = (await Workspace.Log.ListTopicsAsync(cancellationToken)).Single(topic => topic.Name == SpeedTopics.DeliveryStatus);
        for (var partition = 0; partition < statuses.Partitions; partition++)
            if ((await Workspace.Log.GetWatermarksAsync(new TopicPartition(statuses.Name, partition), cancellationToken)).Latest > _feed.Position.GetValueOrDefault(partition)) return false;
        return _invoker.Running.Count == 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _traffic.DisposeAsync();
        // A stop waits by the clock for what listens.
        var stopping = _app.Host.StopAsync();
        while (!stopping.IsCompleted)
        {
            Clock.GoTo(Clock.GetUtcNow() + Tick);
            await Task.WhenAny(stopping, Task.Delay(1));
        }
        await stopping;
        await _app.DisposeAsync();
    }

    sealed class Said(Action<string> say) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            say($"{logLevel}: {formatter(state, exception)} {exception?.Message}");
        public void Dispose() { }
    }
}
