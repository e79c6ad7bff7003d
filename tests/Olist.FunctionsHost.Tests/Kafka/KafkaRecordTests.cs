using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Worker;
using Olist.Streaming;

namespace Olist.FunctionsHost.Tests.Kafka;

/// <summary>A trigger's record is a view of what the log has read, and yet the function's own.</summary>
public sealed class KafkaRecordTests
{
    static readonly byte[] Bytes = [1, 2, 3, 4, 5];

    static KafkaRecord Record(bool tombstone = false) =>
        new(new ConsumedRecord("orders", 2, 7, 1_700_000_000_123, Bytes.AsMemory(0, 2), tombstone ? default : Bytes.AsMemory(2, 3), tombstone, [new RecordHeader("h", [9])]));

    [Fact]
    public void What_is_asked_for_is_a_copy_and_the_same_one_each_time()
    {
        var record = Record();
        Assert.Equal(("orders", 2, 7L, 1_700_000_000_123L), (record.Topic, record.Partition, record.Offset, record.Timestamp.UnixTimestampMs));
        Assert.Equal([1, 2], record.Key);
        Assert.Equal([3, 4, 5], record.Value);
        record.Value[0] = 99;
        Assert.Equal([99, 4, 5], record.Value);
        Assert.Equal([1, 2, 3, 4, 5], Bytes);
        Assert.Same(record.Timestamp, record.Timestamp);
    }

    [Fact]
    public void Given_back_it_is_what_the_log_read_without_headers()
    {
        var consumed = Record().ToConsumedRecord();
        Assert.Equal(("orders", 2, 7L, 1_700_000_000_123L, false, 0), (consumed.Topic, consumed.Partition, consumed.Offset, consumed.TimestampMs, consumed.IsTombstone, consumed.Headers.Count));
        Assert.True(consumed.Key.Span.SequenceEqual(Bytes.AsSpan(0, 2)) && consumed.Value.Span.SequenceEqual(Bytes.AsSpan(2, 3)));
        Assert.True(Record(tombstone: true).ToConsumedRecord() is { IsTombstone: true, Value.IsEmpty: true });
        Assert.Null(Record(tombstone: true).Value);
    }

    [Fact]
    public void What_a_function_sets_counts()
    {
        var record = Record();
        (record.Topic, record.Partition, record.Offset) = ("other", 1, 5);
        (record.Key, record.Value) = ([8], null);
        record.Timestamp = new KafkaTimestamp { UnixTimestampMs = 4 };
        var consumed = record.ToConsumedRecord();
        Assert.Equal(("other", 1, 5L, 4L, true), (consumed.Topic, consumed.Partition, consumed.Offset, consumed.TimestampMs, consumed.IsTombstone));
        Assert.Equal([8], consumed.Key.ToArray());
        Assert.Null(new KafkaRecord { Topic = "made" }.Value);
        Assert.True(new KafkaRecord { Topic = "made", Value = [1] }.ToConsumedRecord() is { Topic: "made", TimestampMs: 0, Key.IsEmpty: true, Value.Length: 1 });
    }
}
