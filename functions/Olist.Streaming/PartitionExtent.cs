namespace Olist.Streaming;

/// <summary>The offsets that a partition holds.</summary>
/// <param name="Partition">Where.</param>
/// <param name="Earliest">The first that is kept.</param>
/// <param name="Latest">The one that the next record will get.</param>
public readonly record struct PartitionExtent(TopicPartition Partition, long Earliest, long Latest)
{
    /// <summary>Each partition of a topic, in their order.</summary>
    public static async ValueTask<IReadOnlyList<PartitionExtent>> MeasureAsync(IEventLog log, TopicSpec topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(topic);
        var extents = new PartitionExtent[topic.Partitions];
        for (var i = 0; i < extents.Length; i++)
        {
            var partition = new TopicPartition(topic.Name, i);
            var (earliest, latest) = await log.GetWatermarksAsync(partition, cancellationToken);
            extents[i] = new PartitionExtent(partition, earliest, latest);
        }
        return extents;
    }

    /// <inheritdoc cref="MeasureAsync(IEventLog, TopicSpec, CancellationToken)"/>
    /// <exception cref="InvalidOperationException">There is no such topic.</exception>
    public static async ValueTask<IReadOnlyList<PartitionExtent>> MeasureAsync(IEventLog log, string topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(log);
        return await MeasureAsync(log, (await log.ListTopicsAsync(cancellationToken)).Single(spec => spec.Name == topic), cancellationToken);
    }
}
