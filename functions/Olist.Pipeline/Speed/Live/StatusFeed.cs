using Olist.Formats.Columns;
using Olist.Pipeline.Speed.Orders;
using Olist.Pipeline.Speed.Topics;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Speed.Live;

/// <summary>Feeds a live view from the topic <c>delivery_status</c>: from its beginning, then as records come.</summary>
public sealed class StatusFeed(IEventLog log, ISchemaRegistry registry, LiveOrders orders)
{
    /// <summary>Few enough for an array that is collected young.</summary>
    const int MaxRecords = 1_000;

    static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    readonly RecordDecoder _decoder = new(registry, SpeedTopics.SchemaOf(SpeedTopics.DeliveryStatus));
    readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile IReadOnlyDictionary<int, long> _position = new Dictionary<int, long>();

    /// <summary>Completes when all that was in the topic at the start is in the view.</summary>
    public Task CaughtUp => _caughtUp.Task;

    /// <summary>The next offset of each partition: what the view was made of.</summary>
    public IReadOnlyDictionary<int, long> Position => _position;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var extents = await PartitionExtent.MeasureAsync(log, SpeedTopics.DeliveryStatus, cancellationToken);
        var ends = extents.Where(extent => extent.Latest > extent.Earliest).ToDictionary(extent => extent.Partition.Partition, extent => extent.Latest);
        if (ends.Count == 0) _caughtUp.TrySetResult();
        await using var consumer = log.Assign([.. extents.Select(extent => KeyValuePair.Create(extent.Partition, extent.Earliest))]);
        var pacing = new Pacing(TimeProvider.System);
        while (!cancellationToken.IsCancellationRequested)
        {
            var batch = await consumer.PollAsync(MaxRecords, Wait, cancellationToken);
            if (batch.Records.Count == 0) continue;
            Take(batch);
            foreach (var (partition, next) in _position)
                if (ends.TryGetValue(partition, out var end) && next >= end) ends.Remove(partition);
            if (ends.Count == 0) _caughtUp.TrySetResult();
            await pacing.AfterAsync(batch.Records.Count);
        }
    }

    void Take(ConsumedBatch batch)
    {
        var builder = new RowBatchBuilder(_decoder.Columns, batch.Records.Count);
        var offsets = Array.ConvertAll(TopicRecords.Decode(_decoder, batch.AsSpan(), builder), source => batch.Records[source].Offset);
        var rows = builder.Build();
        var read = StatusRows.Reader(rows, offsets, orders.IdOf);
        var statuses = new DeliveryStatus[rows.RowCount];
        for (var row = 0; row < statuses.Length; row++) statuses[row] = read(row);
        orders.Take(statuses);
        var position = new Dictionary<int, long>(_position);
        foreach (var (partition, next) in batch.NextOffsets()) position[partition.Partition] = next;
        _position = position;
    }
}
