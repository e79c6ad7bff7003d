using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Olist.FunctionsHost.Worker;
using Olist.Streaming;

namespace Olist.FunctionsHost.Triggers.Kafka;

/// <summary>The JSON text that <c>string</c> parameters get; values that are not UTF-8 are damaged by it, as in the official host.</summary>
static class RecordEnvelope
{
    static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(in ConsumedRecord record, byte[]? key, KafkaMessageKeyType keyType)
    {
        using var buffer = new MemoryStream(record.Value.Length + 256);
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            json.WriteNumber("Offset", record.Offset);
            json.WriteNumber("Partition", record.Partition);
            json.WriteString("Topic", record.Topic);
            json.WriteString("Timestamp", DateTimeOffset.FromUnixTimeMilliseconds(record.TimestampMs).UtcDateTime);
            if (record.IsTombstone) json.WriteNull("Value");
            else json.WriteString("Value", Encoding.UTF8.GetString(record.Value.Span));
            json.WriteNull("LeaderEpoch");
            json.WriteBoolean("IsPartitionEOF", false);
            json.WritePropertyName("Key");
            if (key is null) json.WriteNullValue();
            else if (keyType == KafkaMessageKeyType.Binary) json.WriteBase64StringValue(key);
            else if (keyType == KafkaMessageKeyType.String) json.WriteStringValue(Encoding.UTF8.GetString(key));
            else json.WriteRawValue(key);
            json.WriteStartArray("Headers");
            foreach (var header in record.Headers)
            {
                json.WriteStartObject();
                json.WriteString("Key", header.Key);
                json.WriteBase64String("Value", header.Value);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}
