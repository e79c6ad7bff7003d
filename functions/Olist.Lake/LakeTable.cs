using System.Diagnostics.CodeAnalysis;
using Olist.Formats.Columns;
using Olist.Lake.Commits;
using Olist.Lake.Metadata;
using Olist.Lake.Scans;
using Olist.Lake.Schemas;

namespace Olist.Lake;

/// <summary>One Iceberg table as of its last refresh. Safe to use from many threads: a read keeps to the state it started with, commits queue.</summary>
/// <remarks>Rows are read in the current schema at the head of a branch, and in the schema of its time for an older snapshot; columns are matched by field id, so renames and additions show through.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing to dispose of.")]
public sealed partial class LakeTable
{
    readonly TableContext _context;
    readonly SemaphoreSlim _commits = new(1, 1);
    readonly Lock _advance = new();
    volatile TableVersion _version;

    internal LakeTable(TableContext context, TableVersion version)
    {
        _context = context;
        _version = version;
        References = new TableReferences(this);
    }

    internal TableContext Context => _context;

    internal TableMetadata Metadata => _version.Metadata;

    public TableName Name => _context.Name;

    /// <summary>Made once; never changes.</summary>
    public Guid Uuid => Guid.Parse(Metadata.TableUuid);

    /// <summary>Where the table's files say that they are.</summary>
    public string Location => Metadata.Location;

    /// <summary>N of the current <c>vN.metadata.json</c>.</summary>
    public int MetadataVersion => _version.Number;

    public TableSchema Schema => Metadata.CurrentSchema;

    public IReadOnlyList<ColumnSchema> Columns => Metadata.CurrentSchema.Columns;

    /// <summary>Names of the identifier fields: the merge key. May be empty.</summary>
    public IReadOnlyList<string> Key => [.. Schema.IdentifierFieldIds.Select(id => Schema.FindColumn(id)!.Name)]; // checked when the metadata was read

    public PartitionSpec Partitioning => Metadata.DefaultSpec;

    public IReadOnlyDictionary<string, string> Properties => Metadata.Properties;

    /// <summary>The head of main as of the last refresh, or null for a table without snapshots.</summary>
    public LakeSnapshot? Current => Metadata.Current;

    /// <summary>All listed snapshots, oldest first.</summary>
    public IReadOnlyList<LakeSnapshot> Snapshots => Metadata.Snapshots;

    /// <summary>Branches and tags.</summary>
    public TableReferences References { get; }

    public LakeSnapshot? FindSnapshot(long snapshotId) => Metadata.FindSnapshot(snapshotId);

    public async ValueTask RefreshAsync(CancellationToken cancellationToken = default)
    {
        var known = _version;
        if (await _context.Versions.LoadNewerAsync(known.Number, cancellationToken) is { } newer) Advance(newer);
    }

    void Advance(TableVersion newer)
    {
        TableVersion.CheckSame(_version, newer, Name);
        lock (_advance)
            if (newer.Number > _version.Number) _version = newer;
    }

    /// <summary>The head of main at some moment: what the log of heads says, not the ancestors, which a rollback would change.</summary>
    /// <exception cref="LakeException">There was none yet, or it has expired.</exception>
    public LakeSnapshot SnapshotAsOf(DateTimeOffset time)
    {
        var metadata = Metadata;
        var millis = time.ToUnixTimeMilliseconds();
        for (var i = metadata.SnapshotLog.Count - 1; i >= 0; i--)
        {
            var entry = metadata.SnapshotLog[i];
            if (entry.TimestampMs > millis) continue;
            return metadata.FindSnapshot(entry.SnapshotId)
                ?? throw new LakeException($"Table {Name}: snapshot {entry.SnapshotId}, which was current at {time:u}, has expired. The oldest that is left is of {metadata.Snapshots[0].Timestamp:u}.");
        }
        throw new LakeException(metadata.SnapshotLog.Count == 0
            ? $"Table {Name} has no snapshots, so none as of {time:u}."
            : $"Table {Name} has no snapshot as of {time:u}; its log starts at {DateTimeOffset.FromUnixTimeMilliseconds(metadata.SnapshotLog[0].TimestampMs):u}.");
    }

    /// <summary>The newest summary entry on the way from the given snapshot (default: head) to its oldest ancestor; those that maintenance keeps (<see cref="MaintenanceOptions.KeepSummaryPrefixes"/>) also when that has expired.</summary>
    public string? FindSummaryEntry(string key, long? snapshotId = null)
    {
        var metadata = Metadata;
        return metadata.FindSummaryEntry(key, snapshotId ?? metadata.CurrentSnapshotId);
    }

    /// <summary>All entries with a prefix, each as <see cref="FindSummaryEntry"/> finds it at the given snapshot.</summary>
    public IReadOnlyDictionary<string, string> FindSummaryEntries(string prefix, long snapshotId) => ExpiredEntries.InReach(Metadata, snapshotId, prefix);

    /// <summary>The snapshot that a branch or tag points to.</summary>
    /// <exception cref="LakeException">There is no such reference.</exception>
    public LakeSnapshot SnapshotOf(string reference) => Metadata.HeadOf(reference) ?? throw NoReference(Metadata, reference);

    LakeException NoReference(TableMetadata metadata, string name) => new($"Table {Name} has no branch or tag {name}; it has {string.Join(", ", metadata.Refs.Keys.DefaultIfEmpty("none"))}.");

    LakeSnapshot? Resolve(TableMetadata metadata, long? snapshotId) => snapshotId is not { } id ? metadata.Current
        : metadata.FindSnapshot(id) ?? throw new LakeException($"Table {Name} has no snapshot {id}; it expired or belongs to another table. The current one is {metadata.CurrentSnapshotId}.");

    /// <summary>The current schema at the head of a branch, so that rows can be read right after an evolution as they will be written; else that of the snapshot's time.</summary>
    static TableSchema SchemaFor(TableMetadata metadata, LakeSnapshot? snapshot) =>
        snapshot is null || metadata.Refs.Values.Any(reference => reference.Type == SnapshotRef.Branch && reference.SnapshotId == snapshot.SnapshotId) ? metadata.CurrentSchema : metadata.SchemaOf(snapshot);

    /// <summary>The schema that a scan gives its rows in.</summary>
    /// <exception cref="LakeException">There is no such snapshot or reference.</exception>
    public TableSchema SchemaOf(ScanRequest request) => Resolve(Metadata, request).Schema;

    (LakeSnapshot? Snapshot, TableSchema Schema) Resolve(TableMetadata metadata, ScanRequest request)
    {
        if (request.Reference is not { } name)
        {
            var snapshot = Resolve(metadata, request.SnapshotId);
            return (snapshot, SchemaFor(metadata, snapshot));
        }
        if (request.SnapshotId is not null) throw new ArgumentException($"{nameof(ScanRequest.SnapshotId)} and {nameof(ScanRequest.Reference)} name the version twice: give one of them.", nameof(request));
        if (name == TableMetadata.MainBranch) return (metadata.Current, metadata.CurrentSchema);
        var head = metadata.HeadOf(name) ?? throw NoReference(metadata, name);
        return (head, metadata.Refs[name].Type == SnapshotRef.Branch ? metadata.CurrentSchema : metadata.SchemaOf(head));
    }

    /// <summary>All live rows of a snapshot (null: head; no snapshot: no rows), file by file, in the given columns (null: all). Memory is bounded by row groups.</summary>
    public IAsyncEnumerable<RowBatch> ScanAsync(long? snapshotId, IReadOnlyList<string>? columns, CancellationToken cancellationToken = default) =>
        ScanAsync(new ScanRequest { SnapshotId = snapshotId, Columns = columns }, cancellationToken);

    public IAsyncEnumerable<RowBatch> ScanAsync(ScanRequest request, CancellationToken cancellationToken = default)
    {
        var metadata = Metadata;
        var (snapshot, schema) = Resolve(metadata, request);
        schema.Select(request.Columns, Name); // a wrong name fails here, not at the first row
        return new TableScan(_context, metadata, schema).ReadAsync(snapshot, request.Columns, request.Where, cancellationToken);
    }

    /// <summary>Rows that the snapshots after <paramref name="fromExclusive"/> (null: the beginning, which is a full read) up to <paramref name="toInclusive"/> added, in the current schema.</summary>
    /// <remarks>Each row comes once, as it is at the end: a row that was removed again in between does not come, a key that was merged twice comes once, compaction adds nothing.</remarks>
    /// <exception cref="IncrementalReadException">What was added can't be told: the start expired or was rolled back, or someone else rewrote rows.</exception>
    public ValueTask<RowBatch> ReadAddedAsync(long? fromExclusive, long toInclusive, IReadOnlyList<string>? columns, CancellationToken cancellationToken = default) =>
        new IncrementalRead(_context, Metadata).ReadAsync(fromExclusive, toInclusive, columns, cancellationToken);

    /// <summary>Whether the snapshots after one up to another neither changed nor removed rows; compaction does neither. False when that can't be told any more.</summary>
    public bool OnlyAdds(long fromExclusive, long toInclusive)
    {
        foreach (var snapshot in Metadata.AncestorsOf(toInclusive))
        {
            if (snapshot.SnapshotId == fromExclusive) return true;
            if (snapshot.Operation is not ("append" or "replace")) return false;
            if (snapshot.ParentId == fromExclusive) return true;
        }
        return false;
    }

    /// <summary>Live rows of a snapshot (null: head) whose key columns equal one of the keys, and where they lie; row i lies at position i.</summary>
    /// <param name="keys">Its columns are the key columns, matched by name; null equals null.</param>
    public async ValueTask<(RowBatch Rows, RowPositions Positions)> LookupAsync(long? snapshotId, RowBatch keys, IReadOnlyList<string>? columns, CancellationToken cancellationToken = default)
    {
        var metadata = Metadata;
        var snapshot = Resolve(metadata, snapshotId);
        var schema = SchemaFor(metadata, snapshot);
        if (keys.RowCount == 0) return (RowBatch.Empty(schema.Select(columns, Name)), RowPositions.None);
        return await new KeyLookup(_context, metadata, schema, Promote(keys, schema)).FindAsync(snapshot, columns, cancellationToken);
    }

    /// <summary>Keys of a type that was widened since.</summary>
    static RowBatch Promote(RowBatch keys, TableSchema schema)
    {
        Column Promoted(int i) => schema.FindColumn(keys.Schema[i].Name) is { } column ? ColumnPromotion.TryPromote(keys.Columns[i], column.Type) ?? keys.Columns[i] : keys.Columns[i];
        var columns = Enumerable.Range(0, keys.Columns.Count).Select(Promoted).ToArray();
        return new RowBatch([.. keys.Schema.Select((column, i) => column with { Type = columns[i].Type })], columns, keys.RowCount);
    }
}
