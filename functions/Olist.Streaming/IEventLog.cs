namespace Olist.Streaming;

/// <summary>Topics of partitioned, ordered, durable records with consumer groups: the built-in local log, or a Kafka cluster. Safe to use from many threads.</summary>
public interface IEventLog : IAsyncDisposable
{
    /// <summary>Creates the topics that do not exist; existing ones keep their partition count.</summary>
    ValueTask EnsureTopicsAsync(IReadOnlyList<TopicSpec> topics, CancellationToken cancellationToken);

    /// <summary>All topics, by name.</summary>
    ValueTask<IReadOnlyList<TopicSpec>> ListTopicsAsync(CancellationToken cancellationToken);

    /// <summary>First offset that is kept and the offset that the next record will get.</summary>
    ValueTask<(long Earliest, long Latest)> GetWatermarksAsync(TopicPartition partition, CancellationToken cancellationToken);

    /// <summary>A producer. With a name, it is idempotent across restarts: see <see cref="IEventProducer.GetLastSequenceAsync"/>.</summary>
    IEventProducer CreateProducer(string? name = null);

    /// <summary>Joins a consumer group: its members share the partitions of the topics among them. A group without committed offsets begins at the first kept record.</summary>
    IEventConsumer Subscribe(string group, IReadOnlyList<string> topics);

    /// <summary>Reads given partitions without a group.</summary>
    IEventConsumer Assign(IReadOnlyList<KeyValuePair<TopicPartition, long>> fromOffsets);

    /// <summary>The committed offset (the next to read) of a group, or null.</summary>
    ValueTask<long?> GetCommittedAsync(string group, TopicPartition partition, CancellationToken cancellationToken);

    /// <summary>Sets a group's offsets while it has no members on these partitions.</summary>
    ValueTask SetCommittedAsync(string group, IReadOnlyList<KeyValuePair<TopicPartition, long>> nextOffsets, CancellationToken cancellationToken);

    /// <summary>Groups that have committed something, by name.</summary>
    ValueTask<IReadOnlyList<string>> ListGroupsAsync(CancellationToken cancellationToken);

    /// <summary>All committed offsets of a group; empty when it is unknown. Together with <see cref="GetWatermarksAsync"/> this is its lag: see <see cref="ConsumerLag"/>.</summary>
    ValueTask<IReadOnlyDictionary<TopicPartition, long>> ListCommittedAsync(string group, CancellationToken cancellationToken);
}
