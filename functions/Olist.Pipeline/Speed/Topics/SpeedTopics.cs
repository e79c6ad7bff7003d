using Olist.Formats.Avro;
using Olist.Pipeline.Model;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Speed.Topics;

/// <summary>The topics that the speed layer fills: six of silver, and <c>delivery_status</c>.</summary>
public static class SpeedTopics
{
    /// <summary>The consumer group of the speed layer's functions.</summary>
    public const string Group = "olist-speed";

    /// <summary>The state of every order, keyed by order, compacted: what live views are built from.</summary>
    public const string DeliveryStatus = "delivery_status";

    const string StatusSchema = "schemas/stream/delivery_status.avsc";

    /// <summary>The schema of a topic's records.</summary>
    public static AvroSchema SchemaOf(string topic) => AvroSchema.Parse(topic == DeliveryStatus ? SchemaFile.Load(StatusSchema) : TableCatalog.FindTopic(topic)!.LoadSchemaJson());

    /// <summary>Makes the topics that are not there.</summary>
    public static ValueTask EnsureAsync(IEventLog log, int partitions, CancellationToken cancellationToken) => log.EnsureTopicsAsync(
        [.. TableCatalog.SilverTopics.Select(topic => new TopicSpec(topic.Name, partitions)), new TopicSpec(DeliveryStatus, partitions, Compacted: true)], cancellationToken);

    public static ValueTask<RecordEncoder> EncoderAsync(ISchemaRegistry registry, string topic, CancellationToken cancellationToken) =>
        RecordEncoder.CreateAsync(registry, topic + "-value", SchemaOf(topic), cancellationToken);
}
