using System.Text;

namespace Olist.Streaming.Tests;

/// <summary>Short forms for tests: keys and values are text.</summary>
static class LogExtensions
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static void Append(this IEventProducer producer, string topic, string key, string value, long timestampMs = 1000, long sequence = -1, int partition = -1) =>
        producer.Append(topic, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value), timestampMs, sequence, partition);

    public static async Task ProduceAsync(this IEventLog log, string topic, params (string Key, string Value)[] records)
    {
        await using var producer = log.CreateProducer();
        foreach (var (key, value) in records) producer.Append(topic, key, value);
        await producer.FlushAsync(Token);
    }

    public static string KeyText(this ConsumedRecord record) => Encoding.UTF8.GetString(record.Key.Span);

    public static string ValueText(this ConsumedRecord record) => Encoding.UTF8.GetString(record.Value.Span);

    /// <summary>Polls until so many records have come; gives up when the test is cancelled.</summary>
    public static async Task<List<ConsumedRecord>> ReadAsync(this IEventConsumer consumer, int count, int maxRecords = 1000)
    {
        var records = new List<ConsumedRecord>();
        while (records.Count < count) records.AddRange((await consumer.PollAsync(maxRecords, TimeSpan.FromSeconds(30), Token)).Records);
        return records;
    }

    /// <summary>What is there now.</summary>
    public static async Task<List<ConsumedRecord>> DrainAsync(this IEventConsumer consumer)
    {
        var records = new List<ConsumedRecord>();
        for (var batch = await consumer.PollAsync(1000, TimeSpan.Zero, Token); batch.Records.Count > 0; batch = await consumer.PollAsync(1000, TimeSpan.Zero, Token))
            records.AddRange(batch.Records);
        return records;
    }

    /// <summary>All records that the partition holds, without a group.</summary>
    public static async Task<List<ConsumedRecord>> ReadAllAsync(this IEventLog log, string topic, int partition)
    {
        var at = new TopicPartition(topic, partition);
        var (earliest, latest) = await log.GetWatermarksAsync(at, Token);
        await using var consumer = log.Assign([new(at, earliest)]);
        return await consumer.ReadAsyncTo(latest);
    }

    static async Task<List<ConsumedRecord>> ReadAsyncTo(this IEventConsumer consumer, long latest)
    {
        var records = new List<ConsumedRecord>();
        while (latest > 0 && (records.Count == 0 || records[^1].Offset < latest - 1))
        {
            var batch = await consumer.PollAsync(997, TimeSpan.Zero, Token);
            if (batch.Records.Count == 0) break;
            records.AddRange(batch.Records);
        }
        return records;
    }

    public static Task CommitAsync(this IEventConsumer consumer, params (TopicPartition Partition, long Offset)[] offsets) =>
        consumer.CommitAsync(offsets.Select(pair => KeyValuePair.Create(pair.Partition, pair.Offset)).ToArray(), Token).AsTask();
}
