namespace Olist.Streaming;

public readonly record struct TopicPartition(string Topic, int Partition)
{
    public override string ToString() => $"{Topic}[{Partition}]";
}

public sealed record TopicSpec(string Name, int Partitions, bool Compacted = false);

/// <summary>A record to append. Key, value and headers are copied before <c>Append</c> returns.</summary>
public sealed record RecordHeader(string Key, byte[] Value);

/// <summary>Topics of partitioned, ordered, durable records with consumer groups: the built-in local log, or a Kafka cluster.</summary>
public interface IEventLog : IAsyncDisposable
{
    /// <summary>Creates the topics that do not exist; existing ones keep their partition count.</summary>
    ValueTask EnsureTopicsAsync(IReadOnlyList<TopicSpec> topics, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<TopicSpec>> ListTopicsAsync(CancellationToken cancellationToken);

    /// <summary>First offset that is kept and the offset that the next record will get.</summary>
    ValueTask<(long Earliest, long Latest)> GetWatermarksAsync(TopicPartition partition, CancellationToken cancellationToken);

    /// <summary>A producer. With a name, it is idempotent across restarts: see <see cref="IEventProducer.GetLastSequenceAsync"/>.</summary>
    IEventProducer CreateProducer(string? name = null);

    /// <summary>Joins a consumer group: its members share the partitions of the topics among them.</summary>
    IEventConsumer Subscribe(string group, IReadOnlyList<string> topics);

    /// <summary>Reads given partitions without a group.</summary>
    IEventConsumer Assign(IReadOnlyList<KeyValuePair<TopicPartition, long>> fromOffsets);

    /// <summary>The committed offset (the next to read) of a group, or null.</summary>
    ValueTask<long?> GetCommittedAsync(string group, TopicPartition partition, CancellationToken cancellationToken);

    /// <summary>Sets a group's offsets while it has no members on these partitions.</summary>
    ValueTask SetCommittedAsync(string group, IReadOnlyList<KeyValuePair<TopicPartition, long>> nextOffsets, CancellationToken cancellationToken);
}

/// <summary>Appends records. Not for several threads; create one per writer.</summary>
public interface IEventProducer : IAsyncDisposable
{
    /// <summary>Buffers one record; its partition is that of its key (<see cref="Partitioner"/>), or given. Spans may be reused at once.</summary>
    /// <param name="timestampMs">When the record enters the log, Unix milliseconds: the <c>ingest_time</c> of whoever reads it.</param>
    /// <param name="sequence">For a named producer: rises with every record; a sequence not above the partition's last one is dropped as a duplicate.</param>
    void Append(string topic, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestampMs, long sequence = -1, int partition = -1, IReadOnlyList<RecordHeader>? headers = null, bool tombstone = false);

    /// <summary>Bytes buffered and not yet sent.</summary>
    long BufferedBytes { get; }

    /// <summary>Returns when all that was appended is stored as the log promises (local: written and flushed to the operating system; with <c>Durability.Disk</c> also synced).</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>The highest sequence of this named producer that the partition holds, or -1: where to go on after a crash.</summary>
    ValueTask<long> GetLastSequenceAsync(TopicPartition partition, CancellationToken cancellationToken);
}

/// <summary>Reads records. Not for several threads.</summary>
public interface IEventConsumer : IAsyncDisposable
{
    /// <summary>The next records, of one or more partitions, each partition's in offset order; empty when none came within <paramref name="wait"/>. A new record wakes a waiting reader at once.</summary>
    ValueTask<ConsumedBatch> PollAsync(int maxRecords, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Stores the next offset of each partition for the group.</summary>
    ValueTask CommitAsync(IReadOnlyList<KeyValuePair<TopicPartition, long>> nextOffsets, CancellationToken cancellationToken);

    ValueTask SeekAsync(TopicPartition partition, long offset, CancellationToken cancellationToken);

    /// <summary>Partitions this member reads now.</summary>
    IReadOnlyList<TopicPartition> Assignment { get; }
}

/// <summary>One record as read: a view into the batch, valid as long as the batch is referenced (batches are never reused).</summary>
public readonly record struct ConsumedRecord(string Topic, int Partition, long Offset, long TimestampMs, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, bool IsTombstone, IReadOnlyList<RecordHeader> Headers);

/// <summary>Records of a poll.</summary>
public sealed class ConsumedBatch(IReadOnlyList<ConsumedRecord> records)
{
    public static ConsumedBatch Empty { get; } = new([]);
    public IReadOnlyList<ConsumedRecord> Records { get; } = records;

    /// <summary>For each partition in the batch the offset after its last record.</summary>
    public IReadOnlyList<KeyValuePair<TopicPartition, long>> NextOffsets()
    {
        var next = new Dictionary<TopicPartition, long>();
        foreach (var record in Records) next[new TopicPartition(record.Topic, record.Partition)] = record.Offset + 1;
        return [.. next];
    }
}
