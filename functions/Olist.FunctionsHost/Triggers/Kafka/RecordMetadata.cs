using System.Text;
using System.Text.Json;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Worker;
using Olist.Streaming;

namespace Olist.FunctionsHost.Triggers.Kafka;

/// <summary>Kafka coordinates by name: <c>Key, Partition, Topic, Timestamp, Offset, Headers, ...</c>, for batches with <c>Array</c> behind.</summary>
sealed class RecordMetadata(IReadOnlyList<ConsumedRecord> records, bool isBatch, KafkaMessageKeyType keyType) : TriggerMetadata
{
    public static readonly string[] Names = ["Key", "Partition", "Topic", "Timestamp", "Offset", "Headers", "LeaderEpoch", "IsPartitionEOF"];

    public override bool TryGet(string name, out object? value)
    {
        value = null;
        if (isBatch)
        {
            if (!name.EndsWith("Array", StringComparison.OrdinalIgnoreCase)) return false;
            name = name[..^"Array".Length];
        }
        var known = Names.FirstOrDefault(candidate => candidate.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (known is null) return false;
        value = isBatch ? Array(known) : Of(records[0], known);
        return true;
    }

    public override IReadOnlyDictionary<string, object?> ToBindingData() =>
        Names.ToDictionary(name => isBatch ? name + "Array" : name, name =>
            (object?)(isBatch ? JsonSerializer.Serialize(Array(name)) : Of(records[0], name) switch
            {
                null => null,
                string text => text,
                var other => JsonSerializer.Serialize(other),
            }), StringComparer.OrdinalIgnoreCase);

    object Array(string name) => name switch
    {
        "Partition" => records.Select(record => record.Partition).ToArray(),
        "Offset" => records.Select(record => record.Offset).ToArray(),
        "Topic" => records.Select(record => record.Topic).ToArray(),
        "Timestamp" => records.Select(record => (DateTime)Of(record, name)!).ToArray(), // A timestamp is never null.
        _ => records.Select(record => Of(record, name)).ToArray(),
    };

    object? Of(in ConsumedRecord record, string name) => name switch
    {
        "Key" => !RecordKeys.TryRead(keyType, record.Key, out var key) || key is null ? null : keyType == KafkaMessageKeyType.Binary ? key : Encoding.UTF8.GetString(key),
        "Partition" => record.Partition,
        "Topic" => record.Topic,
        "Timestamp" => DateTimeOffset.FromUnixTimeMilliseconds(record.TimestampMs).UtcDateTime,
        "Offset" => record.Offset,
        "Headers" => record.Headers.Select(header => new { header.Key, header.Value }).ToArray(),
        "IsPartitionEOF" => false,
        _ => null,
    };
}
