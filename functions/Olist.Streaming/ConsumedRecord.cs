namespace Olist.Streaming;

/// <summary>One record as read: a view into the batch, valid as long as the batch is referenced (batches are never reused).</summary>
public readonly record struct ConsumedRecord(string Topic, int Partition, long Offset, long TimestampMs, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, bool IsTombstone, IReadOnlyList<RecordHeader> Headers);
