using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Worker;
using Olist.Streaming;

namespace Olist.FunctionsHost.Tests.Kafka;

/// <summary>A trigger's record is a view of what the log has read, and yet the function's own.</summary>
public sealed class KafkaRecordTests
{
    static readonly byte[] Bytes = [1, 2, 3, 4, 5];

    static KafkaRecord Record(bool tombstone = false) =>
        new([Consumed(7, tombstone, new RecordHeader("h", [9]))], 0);

    static ConsumedRecord Consumed(long offset, bool tombstone = false, params RecordHeader[] headers) =>
        new("orders", 2, offset, 1_700_000_000_123, Bytes.AsMemory(0, 2), tombstone ? default : Bytes.AsMemory(2, 3), tombstone, headers);

    static KafkaRecord[] RecordsOf(ConsumedRecord[] batch) => [.. batch.Select((_, index) => new KafkaRecord(batch, index))];

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

    [Fact]
    public void A_whole_batch_is_given_back_without_a_copy()
    {
        ConsumedRecord[] batch = [Consumed(7), Consumed(8, tombstone: true)];
        Assert.Same(batch, RecordsOf(batch).ToConsumedRecords());
        Assert.Empty(Array.Empty<KafkaRecord>().ToConsumedRecords());
    }

    [Fact]
    public void A_batch_that_the_function_changed_is_a_copy_and_what_was_read_stays_as_it_was()
    {
        ConsumedRecord[] batch = [Consumed(7), Consumed(8), Consumed(9, false, new RecordHeader("h", [9]))];
        var records = RecordsOf(batch);
        var whole = records.ToConsumedRecords();
        Assert.Equal(batch.Select(record => record.Offset), whole.Select(record => record.Offset));
        Assert.All(whole, record => Assert.Empty(record.Headers));

        ConsumedRecord[] plain = [Consumed(7), Consumed(8)];
        records = RecordsOf(plain);
        Assert.Equal([8, 7], records.Reverse().ToArray().ToConsumedRecords().Select(record => record.Offset));
        Assert.Equal([8L], records[1..].ToConsumedRecords().Select(record => record.Offset));
        records[1].Offset = 80;
        Assert.Equal([7, 80], records.ToConsumedRecords().Select(record => record.Offset));
        records = RecordsOf(plain);
        records[0].Value = [6];
        Assert.Equal([6], records.ToConsumedRecords()[0].Value.ToArray());
        Assert.Equal([7L, 8L], plain.Select(record => record.Offset));
        Assert.Equal([3, 4, 5], plain[0].Value.ToArray());
    }
}
