using System.Text.Json;
using Olist.Formats.Checksums;
using Olist.Lake.Schemas;

namespace Olist.Lake.Metadata;

/// <summary>Table metadata from JSON, checked the way the reference implementation checks it.</summary>
/// <remarks>The history is read token by token and its snapshots keep their own bytes; everything else is small.</remarks>
static class TableMetadataReader
{
    static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "format-version", "table-uuid", "location", "last-sequence-number", "last-updated-ms", "last-column-id", "current-schema-id", "schemas",
        "default-spec-id", "partition-specs", "last-partition-id", "default-sort-order-id", "sort-orders", "properties", "current-snapshot-id",
        "refs", "snapshots", "snapshot-log", "metadata-log", SelfChecksum.Name,
    };

    /// <param name="content">The file; not to be changed afterwards, snapshots point into it.</param>
    /// <param name="file">What errors call it.</param>
    /// <exception cref="CorruptTableException">Not such a document, or one that contradicts itself.</exception>
    /// <exception cref="UnsupportedFormatException">Another version of the format, or a type of one.</exception>
    public static TableMetadata Read(ReadOnlyMemory<byte> content, string file)
    {
        if (TableMetadataWriter.IsSealed(content.Span) && SelfChecksum.IsBroken(content.Span, TableMetadataWriter.ChecksumMarker))
            throw new CorruptTableException($"{file}: its bytes do not have the checksum in its last member, {SelfChecksum.Name}: the file is damaged. Restore it, or remove it if an earlier version shall be the current one; if it was changed on purpose, remove that member.");
        try
        {
            var members = ReadMembers(content, file, out var snapshots, out var log);
            var metadata = Assemble(members, file, snapshots, log);
            MetadataChecks.Check(metadata, file);
            return metadata;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            throw new CorruptTableException($"{file}: not readable as table metadata: {e.Message} Restore the file, or remove it if an earlier version shall be the current one.", e);
        }
    }

    static Dictionary<string, JsonElement> ReadMembers(ReadOnlyMemory<byte> content, string file, out List<LakeSnapshot> snapshots, out List<SnapshotLogEntry> log)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        snapshots = [];
        log = [];
        var reader = new Utf8JsonReader(content.Span);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("the document is not an object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!; // a property name is never null
            reader.Read();
            if (name == "snapshots" && reader.TokenType == JsonTokenType.StartArray) snapshots = SnapshotReader.ReadAll(ref reader, content, file);
            else if (name == "snapshot-log" && reader.TokenType == JsonTokenType.StartArray) log = SnapshotReader.ReadLog(ref reader, file);
            else if (!members.TryAdd(name, JsonElement.ParseValue(ref reader))) throw new JsonException($"member {name} stands there twice.");
        }
        if (reader.Read()) throw new JsonException("something follows the document.");
        return members;
    }

    static TableMetadata Assemble(Dictionary<string, JsonElement> members, string file, List<LakeSnapshot> snapshots, List<SnapshotLogEntry> log)
    {
        JsonNodeView? Find(string name) => members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? new JsonNodeView(value, file, name) : null;
        JsonNodeView Get(string name) => Find(name) ?? throw new CorruptTableException($"{file}: field '{name}' is missing. The file is damaged, or was not written as table metadata.");

        var version = Get("format-version").AsInt();
        if (version != TableMetadata.FormatVersion)
            throw new UnsupportedFormatException($"{file}: format-version {version}; supported is {TableMetadata.FormatVersion}. Upgrade this program, or write the table with version {TableMetadata.FormatVersion}.");
        var current = Find("current-snapshot-id")?.AsLong();
        var refs = ReadRefs(Find("refs"));
        if (current is null or -1) current = refs.GetValueOrDefault(TableMetadata.MainBranch)?.SnapshotId;
        else refs.TryAdd(TableMetadata.MainBranch, new SnapshotRef(current.Value, "branch"));
        return new TableMetadata
        {
            TableUuid = Get("table-uuid").AsString(),
            Location = Get("location").AsString().TrimEnd('/'),
            LastSequenceNumber = Get("last-sequence-number").AsLong(),
            LastUpdatedMs = Get("last-updated-ms").AsLong(),
            LastColumnId = Get("last-column-id").AsInt(),
            CurrentSchemaId = Get("current-schema-id").AsInt(),
            Schemas = Get("schemas").Items().Select(SchemaJson.Read).ToArray(),
            DefaultSpecId = Get("default-spec-id").AsInt(),
            Specs = Get("partition-specs").Items().Select(ReadSpec).ToArray(),
            LastPartitionId = Get("last-partition-id").AsInt(),
            DefaultSortOrderId = Get("default-sort-order-id").AsInt(),
            SortOrders = Get("sort-orders").Items().Select(ReadSortOrder).ToArray(),
            Properties = Find("properties")?.Members().ToDictionary(member => member.Key, member => member.Value.AsString(), StringComparer.Ordinal) ?? [],
            CurrentSnapshotId = current,
            Refs = refs,
            Snapshots = snapshots,
            SnapshotLog = log,
            MetadataLog = Find("metadata-log")?.Items().Select(entry => new MetadataLogEntry(entry.Get("timestamp-ms").AsLong(), entry.Get("metadata-file").AsString())).ToArray() ?? [],
            Others = members.Where(member => !Known.Contains(member.Key) && member.Value.ValueKind != JsonValueKind.Null)
                .Select(member => KeyValuePair.Create(member.Key, member.Value.GetRawText())).ToArray(),
        };
    }

    static Dictionary<string, SnapshotRef> ReadRefs(JsonNodeView? json) => json?.Members().ToDictionary(
        member => member.Key,
        member => new SnapshotRef(member.Value.Get("snapshot-id").AsLong(), member.Value.Get("type").AsString(), member.Value.Find("min-snapshots-to-keep")?.AsLong(),
            member.Value.Find("max-snapshot-age-ms")?.AsLong(), member.Value.Find("max-ref-age-ms")?.AsLong()),
        StringComparer.Ordinal) ?? new Dictionary<string, SnapshotRef>(StringComparer.Ordinal);

    static PartitionSpec ReadSpec(JsonNodeView json) => new(json.Get("spec-id").AsInt(), ReadSpecFields(json.Get("fields")));

    public static PartitionField[] ReadSpecFields(JsonNodeView json) => json.Items()
        .Select(field => new PartitionField(field.Get("source-id").AsInt(), field.Get("field-id").AsInt(), field.Get("name").AsString(), Transform.Parse(field.Get("transform").AsString())))
        .ToArray();

    static SortOrder ReadSortOrder(JsonNodeView json) => new(json.Get("order-id").AsInt(), json.Get("fields").Items()
        .Select(field => new SortField(field.Get("source-id").AsInt(), Transform.Parse(field.Get("transform").AsString()),
            field.Get("direction").AsString() != "desc", field.Get("null-order").AsString() != "nulls-last"))
        .ToArray());
}
