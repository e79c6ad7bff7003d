using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Olist.Formats.Checksums;
using Olist.Lake.Schemas;

namespace Olist.Lake.Metadata;

/// <summary>Table metadata as JSON. Absent values are left out, never null: other readers insist.</summary>
static class TableMetadataWriter
{
    public static ReadOnlyMemory<byte> Write(TableMetadata metadata)
    {
        var buffer = new ArrayBufferWriter<byte>(2_048 + metadata.Snapshots.Count * 768);
        using (var json = new Utf8JsonWriter(buffer, JsonText.Options)) Write(json, metadata);
        SelfChecksum.Seal(MemoryMarshal.AsMemory(buffer.WrittenMemory).Span, ChecksumMarker);
        return buffer.WrittenMemory;
    }

    /// <summary>The last member of documents written here. Engines drop members that they do not know when they write the next version; properties they would keep, and so make the checksum a wrong one.</summary>
    public static ReadOnlySpan<byte> ChecksumMarker => ",\"olist.crc32c\":\""u8;

    /// <summary>Whether a document ends with a checksum, as those do that are written here; one that somebody went on to write on is taken as it is.</summary>
    public static bool IsSealed(ReadOnlySpan<byte> document)
    {
        var length = ChecksumMarker.Length + SelfChecksum.Placeholder.Length + 2;
        return document.Length > length && document[^length..].StartsWith(ChecksumMarker) && document.EndsWith("\"}"u8);
    }

    static void Write(Utf8JsonWriter json, TableMetadata metadata)
    {
        json.WriteStartObject();
        json.WriteNumber("format-version", TableMetadata.FormatVersion);
        json.WriteString("table-uuid", metadata.TableUuid);
        json.WriteString("location", metadata.Location);
        json.WriteNumber("last-sequence-number", metadata.LastSequenceNumber);
        json.WriteNumber("last-updated-ms", metadata.LastUpdatedMs);
        json.WriteNumber("last-column-id", metadata.LastColumnId);
        json.WriteNumber("current-schema-id", metadata.CurrentSchemaId);
        json.WriteStartArray("schemas");
        foreach (var schema in metadata.Schemas) SchemaJson.Write(json, schema);
        json.WriteEndArray();
        json.WriteNumber("default-spec-id", metadata.DefaultSpecId);
        json.WriteStartArray("partition-specs");
        foreach (var spec in metadata.Specs) WriteSpec(json, spec);
        json.WriteEndArray();
        json.WriteNumber("last-partition-id", metadata.LastPartitionId);
        json.WriteNumber("default-sort-order-id", metadata.DefaultSortOrderId);
        json.WriteStartArray("sort-orders");
        foreach (var order in metadata.SortOrders) WriteSortOrder(json, order);
        json.WriteEndArray();
        json.WriteStartObject("properties");
        foreach (var (key, value) in metadata.Properties) json.WriteString(key, value);
        json.WriteEndObject();
        json.WriteNumber("current-snapshot-id", metadata.CurrentSnapshotId ?? -1);
        WriteHistory(json, metadata);
        foreach (var (name, raw) in metadata.Others)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(raw);
        }
        json.WriteString(SelfChecksum.Name, SelfChecksum.Placeholder);
        json.WriteEndObject();
    }

    static void WriteHistory(Utf8JsonWriter json, TableMetadata metadata)
    {
        json.WriteStartObject("refs");
        foreach (var (name, reference) in metadata.Refs)
        {
            json.WriteStartObject(name);
            json.WriteNumber("snapshot-id", reference.SnapshotId);
            json.WriteString("type", reference.Type);
            if (reference.MinSnapshotsToKeep is { } keep) json.WriteNumber("min-snapshots-to-keep", keep);
            if (reference.MaxSnapshotAgeMs is { } age) json.WriteNumber("max-snapshot-age-ms", age);
            if (reference.MaxRefAgeMs is { } refAge) json.WriteNumber("max-ref-age-ms", refAge);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteStartArray("snapshots");
        // Written by this class or read whole before, so valid: a history of thousands is copied, not built again.
        foreach (var snapshot in metadata.Snapshots) json.WriteRawValue(snapshot.Json.Span, skipInputValidation: true);
        json.WriteEndArray();
        json.WriteStartArray("snapshot-log");
        foreach (var entry in metadata.SnapshotLog)
        {
            json.WriteStartObject();
            json.WriteNumber("timestamp-ms", entry.TimestampMs);
            json.WriteNumber("snapshot-id", entry.SnapshotId);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("metadata-log");
        foreach (var entry in metadata.MetadataLog)
        {
            json.WriteStartObject();
            json.WriteNumber("timestamp-ms", entry.TimestampMs);
            json.WriteString("metadata-file", entry.MetadataFile);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>The snapshot with its JSON filled in.</summary>
    public static LakeSnapshot Seal(LakeSnapshot snapshot)
    {
        var buffer = new ArrayBufferWriter<byte>(768);
        using (var json = new Utf8JsonWriter(buffer, JsonText.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("snapshot-id", snapshot.SnapshotId);
            if (snapshot.ParentId is { } parent) json.WriteNumber("parent-snapshot-id", parent);
            json.WriteNumber("sequence-number", snapshot.SequenceNumber);
            json.WriteNumber("timestamp-ms", snapshot.Timestamp.ToUnixTimeMilliseconds());
            json.WriteString("manifest-list", snapshot.ManifestList);
            json.WriteStartObject("summary");
            json.WriteString("operation", snapshot.Operation);
            foreach (var (key, value) in snapshot.Summary) json.WriteString(key, value);
            json.WriteEndObject();
            json.WriteNumber("schema-id", snapshot.SchemaId);
            json.WriteEndObject();
        }
        return snapshot with { Json = buffer.WrittenMemory };
    }

    static void WriteSpec(Utf8JsonWriter json, PartitionSpec spec)
    {
        json.WriteStartObject();
        json.WriteNumber("spec-id", spec.SpecId);
        json.WritePropertyName("fields");
        WriteSpecFields(json, spec);
        json.WriteEndObject();
    }

    /// <summary>The array of fields alone, as manifests hold it.</summary>
    public static void WriteSpecFields(Utf8JsonWriter json, PartitionSpec spec)
    {
        json.WriteStartArray();
        foreach (var field in spec.Fields)
        {
            json.WriteStartObject();
            json.WriteNumber("source-id", field.SourceId);
            json.WriteNumber("field-id", field.FieldId);
            json.WriteString("name", field.Name);
            json.WriteString("transform", field.Transform.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteSortOrder(Utf8JsonWriter json, SortOrder order)
    {
        json.WriteStartObject();
        json.WriteNumber("order-id", order.OrderId);
        json.WriteStartArray("fields");
        foreach (var field in order.Fields)
        {
            json.WriteStartObject();
            json.WriteString("transform", field.Transform.ToString());
            json.WriteNumber("source-id", field.SourceId);
            json.WriteString("direction", field.Ascending ? "asc" : "desc");
            json.WriteString("null-order", field.NullsFirst ? "nulls-first" : "nulls-last");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
