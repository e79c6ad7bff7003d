using Olist.Streaming;

namespace Olist.Functions;

/// <summary>Records of a trigger as the pipeline takes them.</summary>
static class Records
{
    public static ConsumedRecord[] Of(KafkaRecord[] records) => Array.ConvertAll(records, record => new ConsumedRecord(
        record.Topic, record.Partition, record.Offset, record.Timestamp?.UnixTimestampMs ?? 0, record.Key, record.Value, record.Value is null, []));
}
