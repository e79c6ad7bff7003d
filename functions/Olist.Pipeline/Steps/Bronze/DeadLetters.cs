using System.Globalization;
using System.Text;
using Olist.Streaming;

namespace Olist.Pipeline.Steps.Bronze;

/// <summary>Puts records that can't be read into the dead-letter topic, with their bytes, their origin and the reason: once each, however often they are met.</summary>
/// <remarks>One idempotent producer per origin partition, whose sequence is the origin's offset. Not for several threads.</remarks>
public sealed class DeadLetters(IEventLog log) : IAsyncDisposable
{
    public const string Topic = "dead_letter";

    /// <summary>Headers of a dead letter: where it was found, and what was wrong with it.</summary>
    public const string OriginTopic = "olist.topic", OriginPartition = "olist.partition", OriginOffset = "olist.offset", ErrorClass = "olist.error", Reason = "olist.reason";

    readonly Dictionary<TopicPartition, IEventProducer> _producers = [];

    public void Append(in ConsumedRecord record, string errorClass, string reason)
    {
        var origin = new TopicPartition(record.Topic, record.Partition);
        if (!_producers.TryGetValue(origin, out var producer))
            _producers.Add(origin, producer = log.CreateProducer($"dead-letter:{origin}"));
        producer.Append(Topic, record.Key.Span, record.Value.Span, record.TimestampMs, sequence: record.Offset, partition: 0, headers:
        [
            Header(OriginTopic, record.Topic),
            Header(OriginPartition, record.Partition.ToString(CultureInfo.InvariantCulture)),
            Header(OriginOffset, record.Offset.ToString(CultureInfo.InvariantCulture)),
            Header(ErrorClass, errorClass),
            Header(Reason, reason),
        ]);
    }

    /// <summary>Returns when all letters are in the log.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        foreach (var producer in _producers.Values) await producer.FlushAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var producer in _producers.Values) await producer.DisposeAsync();
    }

    static RecordHeader Header(string key, string value) => new(key, Encoding.UTF8.GetBytes(value));
}
