using Olist.Lake;
using Olist.Pipeline.Model;
using Olist.Pipeline.Queries;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Bronze;
using Olist.Pipeline.Steps.Tables;
using Olist.Pipeline.Steps.Topics;
using Olist.Storage;
using Olist.Streaming;

namespace Olist.Pipeline.Steps;

/// <summary>Everything a pipeline works on, opened: the lake's tables and the state folder.</summary>
public sealed class Workspace : IAsyncDisposable
{
    /// <summary>The consumer group that takes bronze topics into bronze tables.</summary>
    public const string IngestGroup = "olist-ingest";

    Workspace(WorkspaceOptions options, LakeTables tables, PipelineState state, TimeProvider time)
    {
        Options = options;
        Tables = tables;
        State = state;
        Time = time;
        Ingest = new BronzeIngest(tables, new TopicDecoders(state.Registry), state.Log, state.LogId);
    }

    public WorkspaceOptions Options { get; }
    public LakeTables Tables { get; }
    public PipelineState State { get; }
    public IEventLog Log => State.Log;
    public TimeProvider Time { get; }
    public BronzeIngest Ingest { get; }

    /// <summary>Opens the lake (made when it is not there), then the state folder.</summary>
    /// <exception cref="StateInUseException">Another process has the state folder.</exception>
    /// <exception cref="LakeException">The lake's folder holds something else.</exception>
    public static async Task<Workspace> OpenAsync(WorkspaceOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var tables = await OpenLakeAsync(options, mayCreate: true, time, cancellationToken);
        return new Workspace(options, tables, await PipelineState.OpenAsync(options, time, cancellationToken), time);
    }

    /// <summary>Opens only the lake, for those who need no log.</summary>
    public static async Task<LakeTables> OpenLakeAsync(WorkspaceOptions options, bool mayCreate, TimeProvider time, CancellationToken cancellationToken)
    {
        var store = options.StoreFilter(ObjectStores.Open(options.Lake, options.S3, time: time));
        return new LakeTables(mayCreate
            ? await LakeCatalog.OpenAsync(store, time, cancellationToken)
            : await LakeCatalog.OpenExistingAsync(store, time, cancellationToken: cancellationToken));
    }

    /// <summary>Sets the ingestion group to what the tables have taken in: the tables know, whatever the log remembers.</summary>
    public async Task AlignConsumersAsync(CancellationToken cancellationToken)
    {
        var topics = (await Log.ListTopicsAsync(cancellationToken)).ToDictionary(topic => topic.Name);
        foreach (var topic in TableCatalog.BronzeTopics)
        {
            var table = await Tables.FindAsync(topic.FullName, cancellationToken);
            var offsets = table is null ? null : SourceOffsets.Of(table);
            await Log.SetCommittedAsync(IngestGroup, [.. Enumerable.Range(0, topics[topic.Name].Partitions)
                .Select(partition => KeyValuePair.Create(new TopicPartition(topic.Name, partition), offsets?.NextOf(partition) ?? 0))], cancellationToken);
        }
    }

    /// <summary>Whether no message was ever taken in.</summary>
    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        foreach (var topic in TableCatalog.BronzeTopics)
            if ((await Tables.FindAsync(topic.FullName, cancellationToken))?.Current is not null) return false;
        return true;
    }

    /// <summary>Messages of bronze topics that bronze tables have not taken in yet.</summary>
    public async Task<long> CountWaitingAsync(CancellationToken cancellationToken)
    {
        long waiting = 0;
        foreach (var topic in await Log.ListTopicsAsync(cancellationToken))
        {
            if (TableCatalog.Find("bronze." + topic.Name) is not { } spec) continue;
            var table = await Tables.FindAsync(spec.FullName, cancellationToken);
            var offsets = table is null ? null : SourceOffsets.Of(table);
            waiting += (await PartitionExtent.MeasureAsync(Log, topic, cancellationToken)).Sum(extent => extent.Latest - (offsets?.NextOf(extent.Partition.Partition) ?? 0));
        }
        return waiting;
    }

    /// <summary>Whether everything in the log has reached the gold tables.</summary>
    public async Task<bool> IsSettledAsync(CancellationToken cancellationToken)
    {
        if (await CountWaitingAsync(cancellationToken) > 0) return false;
        foreach (var step in BatchPlan.Steps)
        {
            var target = await Tables.FindAsync(step.Target, cancellationToken);
            foreach (var source in step.Sources)
            {
                if ((await Tables.FindAsync(source, cancellationToken))?.Current is not { } head) continue;
                if (target is null || Watermarks.Find(target, source) != head.SnapshotId) return false;
            }
        }
        return true;
    }

    /// <summary>The heads of all tables that the batch layer fills.</summary>
    public async Task<AsOf> GoldAsOfAsync(CancellationToken cancellationToken)
    {
        var tables = new List<LakeTable>();
        foreach (var step in BatchPlan.Steps)
            if (step.Target.StartsWith("gold.", StringComparison.Ordinal) && await Tables.FindAsync(step.Target, cancellationToken) is { } table) tables.Add(table);
        return AsOf.Of(tables);
    }

    public ValueTask DisposeAsync() => State.DisposeAsync();
}
