using Olist.Formats.Columns;
using Olist.Lake;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Bronze;
using Olist.Pipeline.Steps.Tables;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Speed.Tables;

/// <summary>What one refresh of a stream table did.</summary>
/// <param name="SnapshotId">The table's head after it, or <see langword="null"/> while it has none.</param>
/// <param name="Records">Records taken in.</param>
/// <param name="RowsWritten">New rows and new versions of rows.</param>
public sealed record StreamRefresh(string Table, long? SnapshotId, long Records, long RowsWritten);

/// <summary>A table of the layer <c>stream</c>: brought up to the ends of its topics, whenever it is told to.</summary>
/// <remarks>Rows and offsets are one commit, so a refresh that is killed, repeated or run twice at once ends in the same table. Not for several threads.</remarks>
public abstract class StreamTable(LakeTables lake, IEventLog log, ISchemaRegistry registry)
{
    readonly Dictionary<string, TopicReader> _readers = [];

    protected abstract TableSpec Target { get; }

    /// <summary>The topics it is made of.</summary>
    protected abstract IReadOnlyList<string> Topics { get; }

    /// <summary>What the new records change.</summary>
    /// <param name="table">The table as it stands.</param>
    /// <param name="taken">What it has taken in.</param>
    /// <param name="news">What each topic told, rows of a key in the order in which they were told.</param>
    private protected abstract ValueTask<StepOutput> ComputeAsync(LakeTable table, TopicOffsets taken, IReadOnlyDictionary<string, TopicNews> news, CancellationToken cancellationToken);

    /// <exception cref="CommitConflictException">Another instance refreshes the table at the same time, or it was compacted meanwhile; nothing was written here.</exception>
    public async Task<StreamRefresh> RefreshAsync(CancellationToken cancellationToken)
    {
        var table = await lake.EnsureAsync(Target.FullName, cancellationToken);
        var start = TopicOffsets.Of(Topics, key => table.FindSummaryEntry(key));
        SourceOffsets.RequireSameLog(table.Name, start.LogId, log.Id);
        var news = new Dictionary<string, TopicNews>();
        foreach (var topic in Topics) news[topic] = await ReadAsync(topic, start.Of(topic), cancellationToken);

        var change = await ComputeAsync(table, start, news, cancellationToken);
        if (change.IsEmpty && news.Values.All(told => told.Next.Count == 0)) return new StreamRefresh(Target.FullName, table.Current?.SnapshotId, 0, 0);
        var snapshot = await table.CommitAsync(new TableChange
        {
            Append = change.Append.RowCount > 0 ? [change.Append] : [],
            Delete = change.Delete is { Count: > 0 } ? change.Delete : null,
            BaseSnapshotId = table.Current?.SnapshotId,
            Summary = start.EntriesAfter(log.Id, news),
            Validate = head => start.RequireUnmoved(table.Name, head),
        }, cancellationToken);
        return new StreamRefresh(Target.FullName, snapshot.SnapshotId, news.Values.Sum(told => told.Records), change.Append.RowCount);
    }

    /// <summary>What a topic tells since the table took it in.</summary>
    /// <param name="from">The next offset of each partition of which anything was taken in.</param>
    private protected virtual Task<TopicNews> ReadAsync(string topic, IReadOnlyDictionary<int, long> from, CancellationToken cancellationToken) =>
        ReaderOf(topic).ReadAsync(partition => from.GetValueOrDefault(partition), cancellationToken);

    private protected TopicReader ReaderOf(string topic)
    {
        if (!_readers.TryGetValue(topic, out var reader)) _readers.Add(topic, reader = new TopicReader(log, registry, topic));
        return reader;
    }

    /// <summary>The rows, less those that are in the table as they are.</summary>
    protected static async ValueTask<StepOutput> ChangedAsync(LakeTable table, RowBatch rows, IReadOnlyList<string> key, CancellationToken cancellationToken)
    {
        if (rows.RowCount == 0 || table.Current is not { } head) return new StepOutput(rows);
        var (existing, positions) = await table.LookupAsync(head.SnapshotId, rows.Select(key), null, cancellationToken);
        return Upsert.Changed(rows, existing, positions, key);
    }

    /// <summary>For each key of rows in told order the last one.</summary>
    protected static RowBatch Latest(RowBatch rows, IReadOnlyList<string> key) => rows.Gather(LatestRows(rows, key));

    /// <summary>The same by index.</summary>
    private protected static int[] LatestRows(RowBatch rows, IReadOnlyList<string> key)
    {
        var (groups, last) = new KeyIndex([.. key.Select(name => rows[name])]).Group();
        for (var row = 0; row < groups.Length; row++) last[groups[row]] = row;
        return last;
    }
}
