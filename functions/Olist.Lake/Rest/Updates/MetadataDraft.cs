using Olist.Lake.Metadata;

namespace Olist.Lake.Rest.Updates;

/// <summary>Metadata under construction: a version of the table, or nothing yet, and the updates applied so far. Used by one request at a time.</summary>
sealed class MetadataDraft
{
    /// <summary>Stands for the schema, spec or order that the same commit has just added.</summary>
    public const int LastAdded = -1;

    readonly bool _isNew;
    readonly List<(long SnapshotId, long? TimestampMs)> _heads = [];

    MetadataDraft(TableMetadata start, bool isNew)
    {
        Metadata = start;
        _isNew = isNew;
        IsChanged = isNew;
        Properties = new Dictionary<string, string>(start.Properties, StringComparer.Ordinal);
        Refs = new Dictionary<string, SnapshotRef>(start.Refs, StringComparer.Ordinal);
    }

    public static MetadataDraft Of(TableMetadata current) => new(current, isNew: false);

    public static MetadataDraft New(TableContext context) => new(new TableMetadata
    {
        TableUuid = context.Ids.NextUuid().ToString(), Location = context.Files.Locations.LocationOf(context.Files.Locations.TableKey + "/").TrimEnd('/'),
        LastUpdatedMs = 0, LastColumnId = 0, Schemas = [], CurrentSchemaId = LastAdded, Specs = [], DefaultSpecId = LastAdded,
        LastPartitionId = PartitionSpec.FirstFieldId - 1, SortOrders = [SortOrder.Unsorted], DefaultSortOrderId = 0,
    }, isNew: true);

    /// <summary>The state so far; refs and properties are kept beside it until <see cref="Build"/>.</summary>
    public TableMetadata Metadata { get; private set; }
    public Dictionary<string, string> Properties { get; }
    public Dictionary<string, SnapshotRef> Refs { get; }
    public List<LakeSnapshot> AddedSnapshots { get; } = [];
    public bool IsChanged { get; private set; }

    public int? LastSchemaId { get; set; }
    public int? LastSpecId { get; set; }
    public int? LastOrderId { get; set; }

    public void Change(Func<TableMetadata, TableMetadata> change)
    {
        Metadata = change(Metadata);
        IsChanged = true;
    }

    public void Touch() => IsChanged = true;

    public void AssignUuid(JsonNodeView json)
    {
        var text = json.AsString();
        if (!Guid.TryParseExact(text, "D", out _)) throw json.Corrupt($"'{text}' is no UUID");
        if (string.Equals(text, Metadata.TableUuid, StringComparison.OrdinalIgnoreCase)) return;
        if (!_isNew) throw json.Corrupt($"the table's UUID is {Metadata.TableUuid} and never changes");
        Change(metadata => metadata with { TableUuid = text });
    }

    public static void UpgradeFormat(JsonNodeView json)
    {
        if (json.AsInt() is var version && version != TableMetadata.FormatVersion) throw json.Corrupt($"format version {version} is not offered; tables here are of version {TableMetadata.FormatVersion}");
    }

    /// <summary>A table lies at its name's folder, and nowhere else.</summary>
    public void SetLocation(JsonNodeView json)
    {
        var text = json.AsString();
        if (text.TrimEnd('/') != Metadata.Location) throw json.Corrupt($"'{text}' is not where this table lies, which is {Metadata.Location} and can't be chosen; leave the location out");
    }

    public void SetCurrentSchema(int id, JsonNodeView json)
    {
        var chosen = Choose(id, LastSchemaId, Metadata.Schemas.Select(schema => schema.SchemaId), "schema", json);
        if (chosen == Metadata.CurrentSchemaId) return;
        SchemaUpdates.CheckRows(Metadata, Metadata.Schemas.First(schema => schema.SchemaId == chosen), json);
        Change(metadata => metadata with { CurrentSchemaId = chosen });
    }

    public void SetDefaultSpec(int id, JsonNodeView json)
    {
        var chosen = Choose(id, LastSpecId, Metadata.Specs.Select(spec => spec.SpecId), "partition spec", json);
        if (chosen != Metadata.DefaultSpecId) Change(metadata => metadata with { DefaultSpecId = chosen });
    }

    public void SetDefaultSortOrder(int id, JsonNodeView json)
    {
        var chosen = Choose(id, LastOrderId, Metadata.SortOrders.Select(order => order.OrderId), "sort order", json);
        if (chosen != Metadata.DefaultSortOrderId) Change(metadata => metadata with { DefaultSortOrderId = chosen });
    }

    static int Choose(int id, int? lastAdded, IEnumerable<int> known, string what, JsonNodeView json)
    {
        if (id == LastAdded) return lastAdded ?? throw json.Corrupt($"-1 stands for the {what} just added, but none was");
        return known.Contains(id) ? id : throw json.Corrupt($"there is no {what} {id}");
    }

    /// <summary>Notes that main has moved; the log of heads is made of it.</summary>
    public void MoveHead(LakeSnapshot snapshot) =>
        _heads.Add((snapshot.SnapshotId, AddedSnapshots.Contains(snapshot) ? snapshot.Timestamp.ToUnixTimeMilliseconds() : null));

    /// <summary>The finished document, checked as a reader would check it.</summary>
    public TableMetadata Build(DateTimeOffset now)
    {
        if (Metadata.Specs.Count == 0) SpecUpdates.AddUnpartitioned(this);
        if (Metadata.DefaultSpecId == LastAdded && LastSpecId is { } spec) Metadata = Metadata with { DefaultSpecId = spec };
        if (Metadata.Schemas.Count == 0) throw new LakeException("A new table needs a schema: send add-schema and set-current-schema.");
        var log = new List<SnapshotLogEntry>(Metadata.SnapshotLog);
        var nowMs = now.ToUnixTimeMilliseconds();
        // The log must not go backward, whatever clocks say.
        foreach (var (id, time) in _heads) log.Add(new SnapshotLogEntry(Math.Max(time ?? nowMs, log.Count > 0 ? log[^1].TimestampMs : 0), id));
        var listed = Metadata.Snapshots.Select(snapshot => snapshot.SnapshotId).ToHashSet();
        // What came before a gap can't be told any more.
        if (log.FindLastIndex(entry => !listed.Contains(entry.SnapshotId)) is var gap and >= 0) log.RemoveRange(0, gap + 1);
        Metadata = Metadata with
        {
            Properties = Properties,
            Refs = Refs,
            CurrentSnapshotId = Refs.GetValueOrDefault(TableMetadata.MainBranch)?.SnapshotId,
            SnapshotLog = log,
            LastUpdatedMs = new[] { nowMs, _isNew ? 0 : Metadata.LastUpdatedMs + 1, log.Count > 0 ? log[^1].TimestampMs : 0 }.Max(),
        };
        DocumentChecks.Check(Metadata, "The table that the request makes", RequestJson.Advice);
        return Metadata;
    }
}
