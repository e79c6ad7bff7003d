using Olist.Formats.Avro;
using Olist.Pipeline.Model;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Steps.Topics;

/// <summary>Encoders of all bronze topics, their schemas registered as <c>topic-value</c>.</summary>
public sealed class TopicEncoders
{
    readonly Dictionary<string, RecordEncoder> _encoders = [];

    TopicEncoders() { }

    public RecordEncoder For(string topic) => _encoders[topic];

    public static async ValueTask<TopicEncoders> CreateAsync(ISchemaRegistry registry, CancellationToken cancellationToken)
    {
        var all = new TopicEncoders();
        foreach (var topic in TableCatalog.BronzeTopics)
            all._encoders.Add(topic.Name, await RecordEncoder.CreateAsync(registry, topic.Name + "-value", AvroSchema.Parse(topic.LoadSchemaJson()), cancellationToken));
        return all;
    }
}
