using Olist.Formats.Columns;
using Olist.Pipeline.Speed.Topics;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Speed.Tables;

/// <summary>Reads a topic from given offsets to its present end, without a group.</summary>
sealed class TopicReader(IEventLog log, ISchemaRegistry registry, string topic)
{
    /// <summary>Few enough for an array that is collected young.</summary>
    const int RecordsPerPoll = 1_000;

    const int MaxRowsReserved = 250_000;

    readonly RecordDecoder _decoder = new(registry, SpeedTopics.SchemaOf(topic));

    public RowBatch NoRows => new RowBatchBuilder(_decoder.Columns, 0).Build();

    /// <param name="nextOf">The first offset of each partition.</param>
    /// <returns>All rows, those of a partition in their order.</returns>
    public async Task<TopicNews> ReadAsync(Func<int, long> nextOf, CancellationToken cancellationToken)
    {
        // What compaction removed before it was read was replaced by something later.
        var unread = (await PartitionExtent.MeasureAsync(log, topic, cancellationToken))
            .Select(extent => extent with { Earliest = Math.Max(nextOf(extent.Partition.Partition), extent.Earliest) })
            .Where(extent => extent.Earliest < extent.Latest).ToList();
        var rows = new RowBatchBuilder(_decoder.Columns, (int)Math.Clamp(unread.Sum(extent => extent.Latest - extent.Earliest), 64, MaxRowsReserved));
        var (next, offsets) = (new Dictionary<int, long>(), new List<long>());
        if (unread.Count == 0) return new TopicNews(rows.Build(), [], next, 0);
        var ends = unread.ToDictionary(extent => extent.Partition.Partition, extent => extent.Latest);
        await using var consumer = log.Assign([.. unread.Select(extent => KeyValuePair.Create(extent.Partition, extent.Earliest))]);
        while (ends.Count > 0)
        {
            var batch = await consumer.PollAsync(RecordsPerPoll, TimeSpan.FromSeconds(1), cancellationToken);
            foreach (var source in TopicRecords.Decode(_decoder, batch.AsSpan(), rows)) offsets.Add(batch.Records[source].Offset);
            foreach (var (partition, offset) in batch.NextOffsets())
            {
                next[partition.Partition] = offset;
                if (ends.TryGetValue(partition.Partition, out var end) && offset >= end) ends.Remove(partition.Partition);
            }
        }
        return new TopicNews(rows.Build(), offsets, next, rows.RowCount);
    }
}
