using Olist.FunctionsHost.Worker;
using Olist.Streaming;

namespace Olist.FunctionsHost.Hosting;

/// <summary>From what a Kafka function gets back to what the log gave: for functions that go through many records, in the embedded flavour.</summary>
public static class KafkaRecordExtensions
{
    /// <summary>The record without headers. Key and value are not copied, so they keep alive what the log has read.</summary>
    public static ConsumedRecord ToConsumedRecord(this KafkaRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.ToConsumed();
    }

    /// <summary>The same for a whole batch. Records that come as the trigger made them are not copied at all: nothing in the array may be changed.</summary>
    public static ConsumedRecord[] ToConsumedRecords(this KafkaRecord[] records)
    {
        ArgumentNullException.ThrowIfNull(records);
        return KafkaRecord.FindBatch(records) ?? Array.ConvertAll(records, static record => record.ToConsumed());
    }
}
