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
        var (from, ends) = await RangeAsync(nextOf, cancellationToken);
        var expected = from.Sum(at => ends[at.Key.Partition] - at.Value);
        var rows = new RowBatchBuilder(_decoder.Columns, (int)Math.Clamp(expected, 64, MaxRowsReserved));
        var next = new Dictionary<int, long>();
        if (from.Count == 0) return new TopicNews(rows.Build(), next, 0);
        await using var consumer = log.Assign(from);
        while (ends.Count > 0)
        {
            var batch = await consumer.PollAsync(RecordsPerPoll, TimeSpan.FromSeconds(1), cancellationToken);
            TopicRecords.Decode(_decoder, batch.AsSpan(), rows);
            foreach (var (partition, offset) in batch.NextOffsets())
            {
                next[partition.Partition] = offset;
                if (ends.TryGetValue(partition.Partition, out var end) && offset >= end) ends.Remove(partition.Partition);
            }
        }
        return new TopicNews(rows.Build(), next, rows.RowCount);
    }

    async Task<(List<KeyValuePair<TopicPartition, long>> From, Dictionary<int, long> Ends)> RangeAsync(Func<int, long> nextOf, CancellationToken cancellationToken)
    {
        var spec = (await log.ListTopicsAsync(cancellationToken)).Single(spec => spec.Name == topic);
        var from = new List<KeyValuePair<TopicPartition, long>>();
        var ends = new Dictionary<int, long>();
        for (var partition = 0; partition < spec.Partitions; partition++)
        {
            var at = new TopicPartition(topic, partition);
            var (earliest, latest) = await log.GetWatermarksAsync(at, cancellationToken);
            // What compaction removed before it was read was replaced by something later.
            var offset = Math.Max(nextOf(partition), earliest);
            if (offset >= latest) continue;
            from.Add(KeyValuePair.Create(at, offset));
            ends[partition] = latest;
        }
        return (from, ends);
    }
}
