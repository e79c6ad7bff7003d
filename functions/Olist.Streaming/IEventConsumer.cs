namespace Olist.Streaming;

/// <summary>Reads records. Not for several threads. Disposing leaves the group: the other members take over from the committed offsets.</summary>
public interface IEventConsumer : IAsyncDisposable
{
    /// <summary>The next records, of one or more partitions, each partition's in offset order; empty when none came within <paramref name="wait"/>. A new record wakes a waiting reader at once.</summary>
    /// <remarks>Polling also tells the group that the records before were dealt with: a partition that moves to another member leaves this one here.</remarks>
    ValueTask<ConsumedBatch> PollAsync(int maxRecords, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Stores the next offset of each partition for the group; all of them or none.</summary>
    /// <exception cref="RebalancedException">A partition belongs to another member by now.</exception>
    ValueTask CommitAsync(IReadOnlyList<KeyValuePair<TopicPartition, long>> nextOffsets, CancellationToken cancellationToken);

    /// <summary>Goes on at another offset of a partition that this member reads; below the first kept offset that means the first one.</summary>
    ValueTask SeekAsync(TopicPartition partition, long offset, CancellationToken cancellationToken);

    /// <summary>Partitions this member reads now.</summary>
    IReadOnlyList<TopicPartition> Assignment { get; }
}
