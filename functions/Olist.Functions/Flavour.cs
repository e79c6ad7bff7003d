using Microsoft.Extensions.Configuration;
using Olist.Pipeline;
using Olist.Pipeline.Steps;
using Olist.Streaming;
#if !AZURE_HOST
using Olist.FunctionsHost.Hosting;
#endif

namespace Olist.Functions;

/// <summary>What the app and its host have between them beside the functions themselves. What the app tells the host, the official one takes from host.json and its own settings.</summary>
static partial class Flavour
{
#if AZURE_HOST
    /// <summary>What is put into the log here, no trigger would read: theirs is the cluster.</summary>
    public const string Dataset = "none";

    public static void Check(IConfiguration settings) => _ = settings;

    public static void Configure(FunctionsApplicationBuilder builder, Workspace workspace)
    {
        _ = workspace;
        builder.Services.AddHostedService<LogIsLocal>();
    }

    public static bool IsStartupError(Exception exception) => false;

    /// <summary>Says what is not on the cluster yet; README.md tells what follows from it.</summary>
    sealed partial class LogIsLocal(Workspace workspace, ILogger<LogIsLocal> logger) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            LogWhere(workspace.State.Folder);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        [LoggerMessage(EventId = 5301, Level = LogLevel.Warning, Message = "Kafka triggers read the cluster, but what this app publishes and its schema registry are in {Folder}: "
            + "records with schemas of another registry become dead letters there, and triggers on silver topics find nothing. Run one instance on a folder that stays.")]
        partial void LogWhere(string folder);
    }

    public static ConsumedRecord[] ToConsumed(KafkaRecord[] records) => Array.ConvertAll(records, static record =>
        new ConsumedRecord(record.Topic, record.Partition, record.Offset, record.Timestamp?.UnixTimestampMs ?? 0, record.Key, record.Value, record.Value is null, []));
#else
    /// <summary>A synthetic sample, so that a first start shows something.</summary>
    public const string Dataset = "";

    /// <exception cref="PipelineException">Records are looked for where this host does not look.</exception>
    public static void Check(IConfiguration settings)
    {
        if (settings["Kafka:BrokerList"] is { } brokers and not Defaults.LocalBroker)
            throw new PipelineException($"Setting Kafka:BrokerList is '{brokers}'; the embedded host has the built-in log only, which is called {Defaults.LocalBroker}. "
                + "For functions on a cluster, build for the official host (-p:FunctionsHost=azure, see functions/Olist.Functions/README.md).");
    }

    public static void Configure(FunctionsApplicationBuilder builder, Workspace workspace) =>
        builder.ConfigureEmbeddedHost(options =>
        {
            options.StateFolder = Path.Combine(workspace.State.Folder, "host");
            options.Assemblies.Add(typeof(Flavour).Assembly);
        });

    public static bool IsStartupError(Exception exception) => exception is FunctionsHostException;

    public static ConsumedRecord[] ToConsumed(KafkaRecord[] records) => records.ToConsumedRecords();
#endif
}
