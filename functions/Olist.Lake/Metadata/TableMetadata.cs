using Olist.Lake.Schemas;

namespace Olist.Lake.Metadata;

/// <summary>A sort field: a transform of a column, ascending or not.</summary>
sealed record SortField(int SourceId, Transform Transform, bool Ascending, bool NullsFirst);

sealed record SortOrder(int OrderId, IReadOnlyList<SortField> Fields)
{
    public static SortOrder Unsorted { get; } = new(0, []);
}

/// <summary>A named pointer to a snapshot. Retention fields stay as they were read.</summary>
sealed record SnapshotRef(long SnapshotId, string Type, long? MinSnapshotsToKeep = null, long? MaxSnapshotAgeMs = null, long? MaxRefAgeMs = null)
{
    public const string Branch = "branch", Tag = "tag";
}

readonly record struct SnapshotLogEntry(long TimestampMs, long SnapshotId);

readonly record struct MetadataLogEntry(long TimestampMs, string MetadataFile);

/// <summary>One version of a table's metadata, immutable. Commits make the next one with <c>with</c>.</summary>
sealed record TableMetadata
{
    public const int FormatVersion = 2;
    public const string MainBranch = "main";

    public required string TableUuid { get; init; }
    /// <summary>Absolute, without a trailing slash.</summary>
    public required string Location { get; init; }
    public long LastSequenceNumber { get; init; }
    public required long LastUpdatedMs { get; init; }
    public required int LastColumnId { get; init; }
    public required IReadOnlyList<TableSchema> Schemas { get; init; }
    public required int CurrentSchemaId { get; init; }
    public required IReadOnlyList<PartitionSpec> Specs { get; init; }
    public required int DefaultSpecId { get; init; }
    public required int LastPartitionId { get; init; }
    public required IReadOnlyList<SortOrder> SortOrders { get; init; }
    public required int DefaultSortOrderId { get; init; }
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
    public long? CurrentSnapshotId { get; init; }
    /// <summary>In the order they were committed.</summary>
    public IReadOnlyList<LakeSnapshot> Snapshots { get; init; } = [];
    public IReadOnlyDictionary<string, SnapshotRef> Refs { get; init; } = new Dictionary<string, SnapshotRef>();
    public IReadOnlyList<SnapshotLogEntry> SnapshotLog { get; init; } = [];
    public IReadOnlyList<MetadataLogEntry> MetadataLog { get; init; } = [];
    /// <summary>Members that are not understood here, as raw JSON (statistics, and what later readers add): kept as they are.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Others { get; init; } = [];

    public TableSchema CurrentSchema => GetSchema(CurrentSchemaId);
    public PartitionSpec DefaultSpec => GetSpec(DefaultSpecId);
    public SortOrder DefaultSortOrder => SortOrders.First(order => order.OrderId == DefaultSortOrderId);
    public LakeSnapshot? Current => CurrentSnapshotId is { } id ? FindSnapshot(id) : null;

    /// <summary>The head of a branch; null for main of a table without snapshots, and for a branch that is not there.</summary>
    public LakeSnapshot? HeadOf(string branch) => Refs.GetValueOrDefault(branch) is { } reference ? FindSnapshot(reference.SnapshotId) : null;

    /// <summary>With a reference set or moved. On main that moves the head, which the log of heads notes.</summary>
    public TableMetadata WithRef(string name, SnapshotRef reference, long now) => this with
    {
        Refs = new Dictionary<string, SnapshotRef>(Refs, StringComparer.Ordinal) { [name] = reference },
        CurrentSnapshotId = name == MainBranch ? reference.SnapshotId : CurrentSnapshotId,
        SnapshotLog = name == MainBranch && reference.SnapshotId != CurrentSnapshotId ? [.. SnapshotLog, new SnapshotLogEntry(now, reference.SnapshotId)] : SnapshotLog,
    };

    public TableSchema GetSchema(int id) => Schemas.First(schema => schema.SchemaId == id);

    public PartitionSpec GetSpec(int id) => Specs.FirstOrDefault(spec => spec.SpecId == id)
        ?? throw new CorruptTableException($"Table at {Location}: a manifest uses partition spec {id}, which the metadata does not list.");

    public LakeSnapshot? FindSnapshot(long id)
    {
        // The newest are asked for most.
        for (var i = Snapshots.Count - 1; i >= 0; i--)
            if (Snapshots[i].SnapshotId == id) return Snapshots[i];
        return null;
    }

    /// <summary>The newest summary entry on the way from the snapshot back, as far as it is listed, and then as expiry noted it.</summary>
    public string? FindSummaryEntry(string key, long? snapshotId)
    {
        foreach (var snapshot in AncestorsOf(snapshotId))
        {
            if (snapshot.Summary.TryGetValue(key, out var value)) return value;
            snapshotId = snapshot.ParentId;
        }
        return snapshotId is { } expired ? ExpiredEntries.Find(this, expired, key) : null;
    }

    /// <summary>The snapshot and its listed ancestors, newest first.</summary>
    public IEnumerable<LakeSnapshot> AncestorsOf(long? snapshotId)
    {
        var last = Snapshots.Count - 1;
        while (snapshotId is { } id)
        {
            // A parent is older than its child, so it stands before it, nearly always right before it.
            while (last >= 0 && Snapshots[last].SnapshotId != id) last--;
            if (last < 0) yield break;
            yield return Snapshots[last];
            snapshotId = Snapshots[last].ParentId;
            last--;
        }
    }

    /// <summary>Without the snapshots that are not wanted. Parent ids stay even where they dangle, and the log of heads has no gaps.</summary>
    public TableMetadata Keep(Func<long, bool> isKept)
    {
        var cut = SnapshotLog.Count;
        while (cut > 0 && isKept(SnapshotLog[cut - 1].SnapshotId)) cut--;
        return this with { Snapshots = [.. Snapshots.Where(snapshot => isKept(snapshot.SnapshotId))], SnapshotLog = [.. SnapshotLog.Skip(cut)] };
    }

    public TableSchema SchemaOf(LakeSnapshot snapshot) => Schemas.FirstOrDefault(schema => schema.SchemaId == snapshot.SchemaId) ?? CurrentSchema;
}
