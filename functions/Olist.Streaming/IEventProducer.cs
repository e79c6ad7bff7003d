namespace Olist.Streaming;

/// <summary>Appends records. Not for several threads; create one per writer. Disposing drops what was not flushed.</summary>
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
