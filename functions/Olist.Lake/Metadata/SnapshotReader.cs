using System.Text.Json;

namespace Olist.Lake.Metadata;

/// <summary>The parts of metadata that grow with every commit, read in one pass without a document in between.</summary>
static class SnapshotReader
{
    /// <summary>From the start of the list to its end.</summary>
    public static List<LakeSnapshot> ReadAll(ref Utf8JsonReader reader, ReadOnlyMemory<byte> content, string file)
    {
        var snapshots = new List<LakeSnapshot>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            var snapshot = Read(ref reader, file, snapshots.Count);
            snapshots.Add(snapshot with { Json = content[start..(int)reader.BytesConsumed] });
        }
        return snapshots;
    }

    static LakeSnapshot Read(ref Utf8JsonReader reader, string file, int index)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException($"snapshots[{index}] is not an object.");
        long? id = null, parent = null, sequence = null, timestamp = null;
        int? schema = null;
        string? list = null, operation = null;
        Dictionary<string, string> summary = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("snapshot-id"u8)) id = Number(ref reader);
            else if (reader.ValueTextEquals("parent-snapshot-id"u8)) parent = Number(ref reader);
            else if (reader.ValueTextEquals("sequence-number"u8)) sequence = Number(ref reader);
            else if (reader.ValueTextEquals("timestamp-ms"u8)) timestamp = Number(ref reader);
            else if (reader.ValueTextEquals("schema-id"u8)) schema = (int?)Number(ref reader);
            else if (reader.ValueTextEquals("manifest-list"u8)) list = Text(ref reader);
            else if (reader.ValueTextEquals("summary"u8)) operation = ReadSummary(ref reader, summary);
            else reader.Skip();
        }
        if (id is null || timestamp is null || list is null)
            throw new CorruptTableException($"{file}, snapshots[{index}]: {(id is null ? "snapshot-id" : timestamp is null ? "timestamp-ms" : "manifest-list")} is missing. The file is damaged, or the table was never written as version 2.");
        // Without an operation nothing can be said about what the snapshot did: the most cautious reading.
        return new LakeSnapshot(id.Value, parent, sequence ?? 0, DateTimeOffset.FromUnixTimeMilliseconds(timestamp.Value), operation ?? "overwrite", summary, schema ?? -1, list);
    }

    static string? ReadSummary(ref Utf8JsonReader reader, Dictionary<string, string> summary)
    {
        string? operation = null;
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("a snapshot's summary is not an object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isOperation = reader.ValueTextEquals("operation"u8);
            var key = isOperation ? "" : Intern(reader.GetString()!); // a property name is never null
            var value = Text(ref reader);
            if (isOperation) operation = value;
            else summary[key] = value ?? "";
        }
        return operation;
    }

    // The same dozen keys stand in every snapshot.
    static string Intern(string key) => key.Length <= 32 ? string.Intern(key) : key;

    static long? Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null : reader.GetInt64();
    }

    static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }

    public static List<SnapshotLogEntry> ReadLog(ref Utf8JsonReader reader, string file)
    {
        var log = new List<SnapshotLogEntry>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException($"snapshot-log[{log.Count}] is not an object.");
            long? timestamp = null, snapshot = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("timestamp-ms"u8)) timestamp = Number(ref reader);
                else if (reader.ValueTextEquals("snapshot-id"u8)) snapshot = Number(ref reader);
                else reader.Skip();
            }
            if (timestamp is null || snapshot is null) throw new CorruptTableException($"{file}, snapshot-log[{log.Count}]: an entry lacks its time or its snapshot.");
            log.Add(new SnapshotLogEntry(timestamp.Value, snapshot.Value));
        }
        return log;
    }
}
