using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Olist.FunctionsHost.Discovery;
using Olist.FunctionsHost.Durable;
using Olist.FunctionsHost.Durable.Client;
using Olist.FunctionsHost.Durable.Engine;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.DurableTask.Converters;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Settings;
using Olist.FunctionsHost.State;
using Olist.FunctionsHost.Triggers.Kafka;

namespace Olist.FunctionsHost.Tests.Simulation;

/// <summary>One life of a host without its web server: engine, invoker and a Kafka listener, wired as the host wires them, on threads, a clock and a chance that are passed in.</summary>
sealed class SimulatedHost : IDisposable
{
    static readonly HostSettings Settings = HostSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["functionTimeout"] = "-1",
        ["extensions:kafka:commitOnFailure"] = "false",
        ["extensions:kafka:maxRetries"] = "-1",
        ["extensions:kafka:maxBatchSize"] = "8",
        ["extensions:durableTask:maxEntityOperationBatchSize"] = "4",
        ["extensions:durableTask:maxConcurrentActivityFunctions"] = "3",
        ["extensions:durableTask:maxConcurrentOrchestratorFunctions"] = "3",
        ["extensions:durableTask:maxConcurrentEntityFunctions"] = "3",
    }).Build());

    static readonly JsonDataConverter Data = JsonDataConverter.Default;
    static readonly FunctionSet Functions = Discover();
    static readonly HostInstruments Instruments = new(new Meters());

    readonly KafkaListener _listener;

    public SimulatedHost(string folder, SeededThreads threads, Chance chance, TimeProvider clock, SimulatedLog log, SimulatedWorld world, IDurableFaults faults)
    {
        var options = new FunctionsHostOptions { DurableFlush = DurableFlush.OperatingSystem, DurableCheckpointBytes = 4000, DurableRetention = null };
        var services = new Services(world, () => Client!); // Set below, before anything runs.
        var stop = new HostStop(services, new Lifetime());
        var invoker = new FunctionInvoker(services, clock, Instruments, Settings, chance, stop);
        Engine = new DurableEngine(new DurableFunctions(Functions, Data), invoker, stop, threads, Data, new HostState(folder, null), Settings.Durable, options, Instruments, chance, clock, NullLoggerFactory.Instance, faults);
        Client = new EmbeddedDurableClient(Engine, Data, Settings.Durable, clock);
        var track = Functions.Find("track")!; // One of ours.
        var executor = new KafkaExecutor(track, Settings.Kafka, new RetryingInvoker(invoker, chance, clock), threads, Instruments, NullLogger.Instance);
        _listener = new KafkaListener("track", new KafkaSource("b", SimulatedLog.Topic, "g"), log, executor, Settings.Kafka, options.KafkaLinger, stop, threads, clock, NullLogger.Instance);
    }

    public DurableEngine Engine { get; }

    public DurableTaskClient Client { get; }

    public void Start()
    {
        Engine.Recover();
        Engine.Start();
        _listener.Start();
    }

    /// <summary>What is not written never will be. Nobody turns the threads of this life any more.</summary>
    public void Dispose()
    {
        Engine.Die(new DurableFaultException("killed"));
        Engine.Dispose();
        _listener.Dispose();
    }

    static FunctionSet Discover()
    {
        var options = new FunctionsHostOptions { AllowNestedClasses = true, ClassFilter = type => type.Namespace == typeof(SimulatedHost).Namespace };
        options.Assemblies.Add(typeof(SimulatedHost).Assembly);
        var found = FunctionDiscovery.Find(options, Settings, new SettingNames(new ConfigurationBuilder().Build()));
        return new FunctionSet(found, [], Data, Options.Create(new JsonSerializerOptions()), NullLoggerFactory.Instance);
    }

    /// <summary>A real container compiles in the background what is asked for again, and thousands of lives ask.</summary>
    sealed class Services(SimulatedWorld world, Func<DurableTaskClient> client) : IServiceProvider, IServiceScopeFactory, IServiceScope
    {
        public IServiceProvider ServiceProvider => this;

        public IServiceScope CreateScope() => this;

        public object? GetService(Type serviceType) => serviceType == typeof(SimulatedWorld) ? world : serviceType == typeof(DurableTaskClient) ? client() : null;

        public void Dispose() { }
    }

    sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => CancellationToken.None;
        public CancellationToken ApplicationStopped => CancellationToken.None;
        public void StopApplication() { }
    }

    sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);
        public void Dispose() { }
    }
}
