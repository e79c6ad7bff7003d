namespace Olist.Streaming;

/// <summary>How far a group is behind in one partition.</summary>
/// <param name="Partition">Where.</param>
/// <param name="Committed">The next offset it will read; the first kept one when it has committed nothing.</param>
/// <param name="End">The offset that the next record will get.</param>
public sealed record ConsumerLag(TopicPartition Partition, long Committed, long End)
{
    /// <summary>Records to be read.</summary>
    public long Records => Math.Max(0, End - Committed);

    /// <summary>The lag of a group in every partition of the given topics.</summary>
    public static async ValueTask<IReadOnlyList<ConsumerLag>> MeasureAsync(IEventLog log, string group, IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        var committed = await log.ListCommittedAsync(group, cancellationToken);
        var lags = new List<ConsumerLag>();
        foreach (var topic in await log.ListTopicsAsync(cancellationToken))
        {
            if (!topics.Contains(topic.Name, StringComparer.Ordinal)) continue;
            foreach (var (partition, earliest, latest) in await PartitionExtent.MeasureAsync(log, topic, cancellationToken))
                lags.Add(new ConsumerLag(partition, Math.Max(earliest, committed.GetValueOrDefault(partition, earliest)), latest));
        }
        return lags;
    }
}
