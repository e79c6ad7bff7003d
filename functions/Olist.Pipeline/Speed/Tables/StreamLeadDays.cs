using System.Globalization;
using Olist.Formats.Columns;
using Olist.Lake;
using Olist.Pipeline.Model;
using Olist.Pipeline.Speed.Live;
using Olist.Pipeline.Speed.Orders;
using Olist.Pipeline.Speed.Topics;
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
public sealed record StreamRefresh(long? SnapshotId, long Records, long RowsWritten);

/// <summary>Keeps <c>stream.fact_order_lead_days</c>: the orders of <c>delivery_status</c>, their open stages counted up to now.</summary>
/// <remarks>Rows and offsets are one commit, so a refresh that is killed, repeated or run twice at once ends in the same table. Open orders come from the live view, because their days move with the clock, without any message.</remarks>
public sealed class StreamLeadDays(LakeTables lake, IEventLog log, ISchemaRegistry registry, LiveOrders live)
{
    const int MaxRecords = 250_000;

    readonly RecordDecoder _decoder = new(registry, SpeedTopics.SchemaOf(SpeedTopics.DeliveryStatus));

    /// <exception cref="CommitConflictException">Another instance refreshes the table at the same time; nothing was written here.</exception>
    public async Task<StreamRefresh> RefreshAsync(CancellationToken cancellationToken)
    {
        var table = await lake.EnsureAsync(TableCatalog.StreamOrderLeadDays.FullName, cancellationToken);
        var start = SourceOffsets.Of(table);
        RequireSameLog(table, start);
        var (statuses, next, records) = await ReadAsync(start, cancellationToken);
        foreach (var open in live.Open())
            if (!statuses.TryGetValue(open.OrderId, out var told) || told.Version < open.Version) statuses[open.OrderId] = open;
        var rows = RowsOf(table.Columns, statuses.Values);
        var change = rows.RowCount == 0 ? new StepOutput(rows) : await ChangeOf(table, rows, cancellationToken);
        if (change.IsEmpty && records == 0) return new StreamRefresh(table.Current?.SnapshotId, 0, 0);
        var snapshot = await table.CommitAsync(new TableChange
        {
            Append = change.Append.RowCount > 0 ? [change.Append] : [],
            Delete = change.Delete is { Count: > 0 } ? change.Delete : null,
            BaseSnapshotId = table.Current?.SnapshotId,
            Summary = start.Advance(log.Id, next).SummaryEntries(),
            Validate = head => RequireUnmoved(table.Name, head, start),
        }, cancellationToken);
        return new StreamRefresh(snapshot.SnapshotId, records, change.Append.RowCount);
    }

    static async ValueTask<StepOutput> ChangeOf(LakeTable table, RowBatch rows, CancellationToken cancellationToken)
    {
        if (table.Current is not { } head) return new StepOutput(rows);
        var (existing, positions) = await table.LookupAsync(head.SnapshotId, rows.Select("order_id"), null, cancellationToken);
        return Upsert.Changed(rows, existing, positions, ["order_id"]);
    }

    /// <summary>What the topic holds beyond the table's offsets, the newest version of each order.</summary>
    async Task<(Dictionary<string, DeliveryStatus> Statuses, Dictionary<int, long> Next, long Records)> ReadAsync(SourceOffsets start, CancellationToken cancellationToken)
    {
        var spec = (await log.ListTopicsAsync(cancellationToken)).Single(topic => topic.Name == SpeedTopics.DeliveryStatus);
        var statuses = new Dictionary<string, DeliveryStatus>(StringComparer.Ordinal);
        var next = new Dictionary<int, long>();
        var from = new List<KeyValuePair<TopicPartition, long>>();
        var ends = new Dictionary<int, long>();
        for (var partition = 0; partition < spec.Partitions; partition++)
        {
            var at = new TopicPartition(spec.Name, partition);
            var (earliest, latest) = await log.GetWatermarksAsync(at, cancellationToken);
            // What compaction removed before the table came to it was replaced by something later.
            var offset = Math.Max(start.NextOf(partition), earliest);
            if (offset >= latest) continue;
            from.Add(KeyValuePair.Create(at, offset));
            ends[partition] = latest;
        }
        long records = 0;
        if (from.Count == 0) return (statuses, next, records);
        await using var consumer = log.Assign(from);
        while (ends.Count > 0)
        {
            var batch = await consumer.PollAsync(MaxRecords, TimeSpan.FromSeconds(1), cancellationToken);
            records += batch.Records.Count;
            Keep(batch, statuses);
            foreach (var (partition, offset) in batch.NextOffsets())
            {
                next[partition.Partition] = offset;
                if (ends.TryGetValue(partition.Partition, out var end) && offset >= end) ends.Remove(partition.Partition);
            }
        }
        return (statuses, next, records);
    }

    void Keep(ConsumedBatch batch, Dictionary<string, DeliveryStatus> statuses)
    {
        var builder = new RowBatchBuilder(_decoder.Columns, batch.Records.Count);
        TopicRecords.Decode(_decoder, batch.Records, builder);
        var rows = builder.Build();
        var read = StatusRows.Reader(rows);
        for (var row = 0; row < rows.RowCount; row++)
        {
            var status = read(row);
            if (!statuses.TryGetValue(status.OrderId, out var known) || known.Version < status.Version) statuses[status.OrderId] = status;
        }
    }

    RowBatch RowsOf(IReadOnlyList<ColumnSchema> columns, Dictionary<string, DeliveryStatus>.ValueCollection statuses)
    {
        var rows = new RowBatchBuilder(columns, statuses.Count);
        foreach (var status in statuses)
        {
            var days = StageDays.AsOf(status.Times, live.TimeOf(status));
            rows.Bytes(0).Append(status.OrderId);
            long?[] values =
            [
                status.Times.Purchase, status.Times.Approve, status.Times.DeliveredCarrier, status.Times.DeliveredCustomer, status.Times.ShippingLimit, status.Times.EstimatedDelivery,
                days.PurchaseToApproval, days.ApprovalToCarrier, days.CarrierToCustomer, days.CarrierDeliveryDelay, days.CustomerDeliveryDelay,
            ];
            for (var i = 0; i < values.Length; i++)
                if (values[i] is { } value) rows.Longs(i + 1).Append(value);
                else rows.Longs(i + 1).AppendNull();
        }
        return rows.Build();
    }

    void RequireSameLog(LakeTable table, SourceOffsets offsets)
    {
        if (offsets.LogId is null || offsets.LogId == log.Id) return;
        throw new PipelineException(
            $"{table.Name} was filled from log {offsets.LogId}, but this is log {log.Id}: their offsets have nothing to do with each other, so nothing is taken in. " +
            "Give the --state (Olist:State) that belongs to this lake, or start with an empty lake.");
    }

    static void RequireUnmoved(TableName table, CommitHead head, SourceOffsets start)
    {
        var now = SourceOffsets.Of(head);
        foreach (var (partition, offset) in now.Next)
            if (offset != start.NextOf(partition))
                throw new CommitConflictException(string.Create(CultureInfo.InvariantCulture,
                    $"{table} took in partition {partition} up to offset {offset} meanwhile; this refresh began at {start.NextOf(partition)}. Another instance refreshes it."));
    }
}
