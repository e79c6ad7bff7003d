using Olist.Pipeline.Model;
using Olist.Streaming;

namespace Olist.Pipeline.Steps.Bronze;

/// <summary>Takes everything that is in the log into bronze, from where each table stands: what the ingestion functions do, to completion and in large commits.</summary>
public sealed class LogToBronze(Workspace workspace)
{
    /// <summary>Records per commit: large enough for good files, small enough for memory.</summary>
    const int RecordsPerCommit = 250_000;

    /// <summary>Records per poll: partitions take turns, so that a table's rows come about in the order of time even when a long log is taken in at once.</summary>
    const int RecordsPerPoll = 16_384;

    /// <returns>The sums over all topics.</returns>
    public async Task<IngestResult> RunAsync(int parallelism, CancellationToken cancellationToken)
    {
        var results = new System.Collections.Concurrent.ConcurrentBag<IngestResult>();
        var topics = (await workspace.Log.ListTopicsAsync(cancellationToken)).ToDictionary(topic => topic.Name);
        await Parallel.ForEachAsync(TableCatalog.BronzeTopics, new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken },
            async (topic, token) => results.Add(await TakeAsync(topics[topic.Name], topic, token)));
        await workspace.AlignConsumersAsync(cancellationToken);
        return new IngestResult(results.Sum(result => result.Rows), results.Sum(result => result.DeadLetters), results.Sum(result => result.Repeated));
    }

    async Task<IngestResult> TakeAsync(TopicSpec topic, TableSpec spec, CancellationToken cancellationToken)
    {
        var offsets = SourceOffsets.Of(await workspace.Tables.EnsureAsync(spec.FullName, cancellationToken));
        long NextOf(TopicPartition partition) => offsets.NextOf(partition.Partition);
        var extents = await PartitionExtent.MeasureAsync(workspace.Log, topic, cancellationToken);
        var waiting = extents.Sum(extent => extent.Latest - NextOf(extent.Partition));
        var total = new IngestResult(0, 0, 0);
        await using var consumer = workspace.Log.Assign([.. extents.Select(extent => KeyValuePair.Create(extent.Partition, NextOf(extent.Partition)))]);
        while (waiting > 0)
        {
            var records = new List<ConsumedRecord>();
            while (records.Count < RecordsPerCommit && records.Count < waiting)
            {
                var batch = await consumer.PollAsync(Math.Min(RecordsPerPoll, RecordsPerCommit - records.Count), TimeSpan.FromSeconds(1), cancellationToken);
                if (batch.Records.Count == 0) break;
                records.AddRange(batch.Records);
            }
            if (records.Count == 0) break;
            waiting -= records.Count;
            var result = await workspace.Ingest.IngestAsync(topic.Name, records, cancellationToken);
            total = new IngestResult(total.Rows + result.Rows, total.DeadLetters + result.DeadLetters, total.Repeated + result.Repeated);
        }
        return total;
    }
}
