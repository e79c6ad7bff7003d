using Olist.Pipeline.Model;
using Olist.Pipeline.Steps.Bronze;
using Olist.Pipeline.Steps.Publishing;
using Olist.Storage;
using Olist.Storage.LocalFiles;
using Olist.Streaming;
using Olist.Streaming.Log;
using Olist.Pipeline.Steps.Topics;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Steps;

/// <summary>The state folder, opened: the event log with its topics, the schema registry, and the pipeline's own files. Nobody else may use it meanwhile.</summary>
public sealed class PipelineState : IAsyncDisposable
{
    readonly TimeProvider _time;

    PipelineState(WorkspaceOptions options, IEventLog log, ISchemaRegistry registry, TimeProvider time)
    {
        Folder = options.StateFolder;
        Log = log;
        LogId = log.Id;
        Registry = registry;
        Files = options.StoreFilter(new LocalObjectStore(Path.Combine(Folder, "pipeline")));
        _time = time;
    }

    public string Folder { get; }
    public IEventLog Log { get; }

    /// <summary>Identity of the log, which bronze tables remember with their offsets.</summary>
    public string LogId { get; }

    public ISchemaRegistry Registry { get; }

    /// <summary>Files that are neither log nor registry.</summary>
    public IObjectStore Files { get; }

    /// <summary>Opens the folder, made when it is not there, and makes the bronze topics.</summary>
    /// <exception cref="StateInUseException">Another process has it.</exception>
    public static async Task<PipelineState> OpenAsync(WorkspaceOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var log = await LocalEventLog.OpenAsync(options.StateFolder, Steps.LogRetention.Of(options), time, cancellationToken);
        try
        {
            await log.EnsureTopicsAsync([.. TableCatalog.BronzeTopics.Select(topic => new TopicSpec(topic.Name, options.Partitions)), new TopicSpec(DeadLetters.Topic, 1)], cancellationToken);
            return new PipelineState(options, options.LogFilter(log), await LocalSchemaRegistry.OpenAsync(log.State, cancellationToken: cancellationToken), time);
        }
        catch
        {
            await log.DisposeAsync();
            throw;
        }
    }

    public ValueTask<ReplayLedger> OpenLedgerAsync(CancellationToken cancellationToken) => ReplayLedger.OpenAsync(Files, cancellationToken);

    /// <summary>Sends what the log does not have yet of a range of a dataset's messages.</summary>
    /// <returns>Messages of the parts that were missing.</returns>
    public async Task<long> PublishAsync(PublishableDataset source, ReplayPace pace, long start, long endExcl, Action<long>? onProgress, CancellationToken cancellationToken)
    {
        var ledger = await OpenLedgerAsync(cancellationToken);
        var publisher = new DatasetPublisher(Log, await TopicEncoders.CreateAsync(Registry, cancellationToken), _time);
        long sent = 0;
        foreach (var part in ledger.Missing(source.Fingerprint, start, endExcl))
        {
            await ledger.StartAsync(part, cancellationToken);
            await publisher.PublishAsync(source.Messages, part, pace, onProgress, cancellationToken);
            await ledger.FinishAsync(part, cancellationToken);
            sent += part.EndExcl - part.Start;
        }
        return sent;
    }

    /// <summary>Messages per topic, all partitions together.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountMessagesAsync(CancellationToken cancellationToken)
    {
        var messages = new Dictionary<string, long>();
        foreach (var topic in await Log.ListTopicsAsync(cancellationToken))
            messages[topic.Name] = (await PartitionExtent.MeasureAsync(Log, topic, cancellationToken)).Sum(extent => extent.Latest - extent.Earliest);
        return messages;
    }

    public ValueTask DisposeAsync() => Log.DisposeAsync();
}
