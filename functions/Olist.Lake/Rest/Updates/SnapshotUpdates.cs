using System.Text;
using System.Text.Json;
using Olist.Lake.Metadata;

namespace Olist.Lake.Rest.Updates;

/// <summary>Snapshots and the references to them.</summary>
static class SnapshotUpdates
{
    const long LastInstantMs = 253_402_300_799_999; // the end of year 9999, where dates here end

    public static void Add(MetadataDraft draft, JsonNodeView json)
    {
        var snapshot = Read(json);
        var table = draft.Metadata;
        if (table.FindSnapshot(snapshot.SnapshotId) is not null) throw json.Corrupt($"snapshot {snapshot.SnapshotId} is there already");
        if (snapshot.SequenceNumber <= table.LastSequenceNumber)
            throw CatalogErrorException.CommitFailed($"Snapshot {snapshot.SnapshotId} has sequence number {snapshot.SequenceNumber}, but the table is at {table.LastSequenceNumber}. Refresh the table and try again; nothing was committed.");
        if (json.Find("schema-id") is { } schema && table.Schemas.All(known => known.SchemaId != snapshot.SchemaId)) throw schema.Corrupt($"there is no schema {snapshot.SchemaId}");
        draft.Change(metadata => metadata with { Snapshots = [.. metadata.Snapshots, snapshot], LastSequenceNumber = snapshot.SequenceNumber });
        draft.AddedSnapshots.Add(snapshot);
    }

    /// <summary>Its members as they came, but for nulls, which other readers refuse.</summary>
    static LakeSnapshot Read(JsonNodeView json)
    {
        if (json.Get("snapshot-id") is var id && id.AsLong() <= 0) throw id.Corrupt("is not positive");
        if (json.Get("timestamp-ms") is var time && time.AsLong() is <= 0 or > LastInstantMs) throw time.Corrupt("is no instant of the years 1970 to 9999");
        if (json.Get("manifest-list") is var list && list.AsString().Length == 0) throw list.Corrupt("is empty");
        _ = json.Get("sequence-number").AsLong();
        _ = json.Find("parent-snapshot-id")?.AsLong();
        _ = json.Find("schema-id")?.AsInt();
        if (json.Find("manifests") is { } old) throw old.Corrupt("is of version 1 of the format; give a manifest-list");
        var summary = RequestJson.Texts(json.Get("summary"));
        if (summary.GetValueOrDefault("operation") is not ("append" or "replace" or "overwrite" or "delete"))
            throw json.Get("summary").Corrupt("operation is missing or not one of append, replace, overwrite, delete");
        var text = JsonText.Of(writer =>
        {
            writer.WriteStartArray();
            writer.WriteStartObject();
            foreach (var (name, value) in json.Members().Where(member => !member.Value.IsNull))
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(value.AsRaw());
            }
            writer.WriteEndObject();
            writer.WriteEndArray();
        });
        var content = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(content);
        reader.Read();
        return SnapshotReader.ReadAll(ref reader, content, "The request")[0];
    }

    public static void SetRef(MetadataDraft draft, JsonNodeView json)
    {
        var name = json.Get("ref-name").AsString();
        if (name.Length == 0) throw json.Corrupt("ref-name is empty");
        var reference = new SnapshotRef(json.Get("snapshot-id").AsLong(), json.Get("type").AsString(), Positive(json, "min-snapshots-to-keep"), Positive(json, "max-snapshot-age-ms"), Positive(json, "max-ref-age-ms"));
        if (reference.Type is not ("branch" or "tag")) throw json.Corrupt($"type '{reference.Type}' is not branch or tag");
        if (reference.Type == "tag" && (reference.MinSnapshotsToKeep ?? reference.MaxSnapshotAgeMs) is not null) throw json.Corrupt("a tag keeps one snapshot: min-snapshots-to-keep and max-snapshot-age-ms are for branches");
        if (name == TableMetadata.MainBranch && (reference.Type != "branch" || reference.MaxRefAgeMs is not null)) throw json.Corrupt("main is a branch that stays");
        var snapshot = draft.Metadata.FindSnapshot(reference.SnapshotId) ?? throw json.Corrupt($"there is no snapshot {reference.SnapshotId}");
        var before = draft.Refs.GetValueOrDefault(name);
        if (before == reference) return;
        draft.Refs[name] = reference;
        draft.Touch();
        if (name == TableMetadata.MainBranch && before?.SnapshotId != reference.SnapshotId) draft.MoveHead(snapshot);
    }

    static long? Positive(JsonNodeView json, string name) => json.Find(name) switch
    {
        null => null,
        { } found when found.AsLong() > 0 => found.AsLong(),
        { } found => throw found.Corrupt("is not positive"),
    };

    /// <summary>A reference that still points to one of them makes the whole commit fail, at the end.</summary>
    public static void Remove(MetadataDraft draft, JsonNodeView json)
    {
        var ids = json.Get("snapshot-ids").Items().Select(id => id.AsLong()).ToHashSet();
        if (!draft.Metadata.Snapshots.Any(snapshot => ids.Contains(snapshot.SnapshotId))) return;
        draft.Change(metadata => metadata with { Snapshots = [.. metadata.Snapshots.Where(snapshot => !ids.Contains(snapshot.SnapshotId))] });
        foreach (var kind in (string[])["statistics", "partition-statistics"]) StatisticsUpdates.Remove(draft, ids, kind);
    }

    public static void RemoveRef(MetadataDraft draft, JsonNodeView json)
    {
        if (draft.Refs.Remove(json.Get("ref-name").AsString())) draft.Touch();
    }
}
