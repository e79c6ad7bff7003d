namespace Olist.Streaming;

/// <summary>Records of a poll.</summary>
public sealed class ConsumedBatch(IReadOnlyList<ConsumedRecord> records)
{
    public static ConsumedBatch Empty { get; } = new([]);

    public IReadOnlyList<ConsumedRecord> Records { get; } = records;

    /// <summary>The records without a copy or a call for each.</summary>
    public ReadOnlySpan<ConsumedRecord> AsSpan() => Records switch
    {
        ConsumedRecord[] array => array,
        ArraySegment<ConsumedRecord> segment => segment,
        _ => Records.ToArray(),
    };

    /// <summary>For each partition in the batch the offset after its last record.</summary>
    public IReadOnlyList<KeyValuePair<TopicPartition, long>> NextOffsets()
    {
        var next = new Dictionary<TopicPartition, long>();
        var records = AsSpan();
        for (var i = 0; i < records.Length; i++)
        {
            // Records of a partition come in runs: only the last one of a run counts.
            ref readonly var record = ref records[i];
            if (i + 1 < records.Length && records[i + 1].Partition == record.Partition && records[i + 1].Topic == record.Topic) continue;
            next[new TopicPartition(record.Topic, record.Partition)] = record.Offset + 1;
        }
        return [.. next];
    }
}
