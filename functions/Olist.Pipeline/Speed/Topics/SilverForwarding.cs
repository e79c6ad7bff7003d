using System.Buffers;
using Olist.Formats;
using Olist.Formats.Columns;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Topics;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Speed.Topics;

/// <summary>Bronze messages that become one silver message each, or none: events, users, places, reviews.</summary>
/// <remarks>Delivered again, a message is not published again: per source partition there is one named producer whose sequence is the source's offset.
/// A message that can't be read is left to the ingestion, which puts it aside. For calls of one topic at a time, as a trigger makes them; different topics at once.</remarks>
public sealed class SilverForwarding : IAsyncDisposable
{
    readonly IEventLog _log;
    readonly TopicDecoders _decoders;
    readonly Dictionary<string, RecordEncoder> _encoders;
    readonly System.Collections.Concurrent.ConcurrentDictionary<TopicPartition, IEventProducer> _producers = new();

    SilverForwarding(IEventLog log, TopicDecoders decoders, Dictionary<string, RecordEncoder> encoders) => (_log, _decoders, _encoders) = (log, decoders, encoders);

    public static async ValueTask<SilverForwarding> CreateAsync(IEventLog log, ISchemaRegistry registry, CancellationToken cancellationToken)
    {
        var encoders = new Dictionary<string, RecordEncoder>();
        foreach (var target in SilverShapes.Targets) encoders.Add(target, await SpeedTopics.EncoderAsync(registry, target, cancellationToken));
        return new SilverForwarding(log, new TopicDecoders(registry), encoders);
    }

    /// <summary>Publishes what the records of one bronze topic say; returns when it is stored.</summary>
    /// <returns>Silver messages.</returns>
    public async Task<int> ForwardAsync(string topic, IReadOnlyList<ConsumedRecord> records, CancellationToken cancellationToken)
    {
        var all = records as ConsumedRecord[] ?? [.. records];
        var (bronze, sources) = Decode(topic, all);
        var (target, silver, rows) = SilverShapes.Of(topic, bronze);
        var encoder = _encoders[target];
        var value = new ArrayBufferWriter<byte>(256);
        var used = new HashSet<IEventProducer>();
        var (at, producer) = (-1, (IEventProducer?)null);
        for (var row = 0; row < silver.RowCount; row++)
        {
            ref readonly var source = ref all[sources[rows[row]]];
            value.ResetWrittenCount();
            encoder.Encode(silver, row, value);
            if (producer is null || source.Partition != at) used.Add(producer = ProducerOf(new TopicPartition(source.Topic, at = source.Partition)));
            producer.Append(target, source.Key.Span, value.WrittenSpan, source.TimestampMs, sequence: source.Offset);
        }
        foreach (var one in used) await one.FlushAsync(cancellationToken);
        return silver.RowCount;
    }

    (RowBatch Rows, int[] Sources) Decode(string topic, ConsumedRecord[] records)
    {
        var builder = new RowBatchBuilder(TableCatalog.FindTopic(topic)!.Columns, records.Length);
        var sources = TopicRecords.Decode(_decoders.For(topic), records, builder);
        return (builder.Build(), sources);
    }

    IEventProducer ProducerOf(TopicPartition source) => _producers.GetOrAdd(source, static (key, log) => log.CreateProducer($"silver:{key}"), _log);

    public async ValueTask DisposeAsync()
    {
        foreach (var producer in _producers.Values) await producer.DisposeAsync();
    }
}
