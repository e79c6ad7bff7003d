using Olist.Formats.Avro;
using Olist.Pipeline.Model;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Steps.Topics;

/// <summary>Decoders of all bronze topics into the columns of their tables, whichever version of the schema a record was written with.</summary>
public sealed class TopicDecoders(ISchemaRegistry registry)
{
    readonly Dictionary<string, RecordDecoder> _decoders = TableCatalog.BronzeTopics
        .ToDictionary(topic => topic.Name, topic => new RecordDecoder(registry, AvroSchema.Parse(topic.LoadSchemaJson())));

    public RecordDecoder For(string topic) => _decoders.GetValueOrDefault(topic)
        ?? throw new ArgumentException($"{topic} is no bronze topic; there are {string.Join(", ", _decoders.Keys)}.", nameof(topic));
}
