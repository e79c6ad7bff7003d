using Olist.Formats.Columns;
using Olist.Storage;

namespace Olist.Lake;

/// <summary><c>namespace.table</c>, each <c>[a-z_][a-z0-9_]*</c>.</summary>
public readonly record struct TableName(string Namespace, string Name)
{
    public static TableName Parse(string text) => throw new NotImplementedException();
    public override string ToString() => $"{Namespace}.{Name}";
}

/// <summary>What a new table is made of. Field ids are taken from the columns.</summary>
public sealed record TableDefinition(IReadOnlyList<ColumnSchema> Columns)
{
    /// <summary>Identifier fields (the merge key), by name.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];
    /// <summary>Partition fields as (column, transform), transform in Iceberg spelling: identity, bucket[16], month, ...</summary>
    public IReadOnlyList<(string Column, string Transform)> Partitioning { get; init; } = [];
    /// <summary>Columns the rows of each file are sorted by.</summary>
    public IReadOnlyList<string> SortOrder { get; init; } = [];
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}

public sealed record LakeSnapshot(long SnapshotId, long? ParentId, long SequenceNumber, DateTimeOffset Timestamp, string Operation, IReadOnlyDictionary<string, string> Summary, int SchemaId, string ManifestList);

/// <summary>All tables under one root: <c>root/namespace/table</c>, found without a catalog (version-hint.text, vN.metadata.json).</summary>
public sealed class LakeCatalog
{
    /// <summary>Opens a lake; refuses a folder that is not empty and is no lake.</summary>
    public static ValueTask<LakeCatalog> OpenAsync(IObjectStore store, TimeProvider time, CancellationToken cancellationToken) => throw new NotImplementedException();
    public ValueTask<IReadOnlyList<TableName>> ListTablesAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
    public ValueTask<LakeTable?> FindTableAsync(TableName name, CancellationToken cancellationToken) => throw new NotImplementedException();
    /// <summary>Loads the table, making it first when there is none; racing creators agree.</summary>
    public ValueTask<LakeTable> EnsureTableAsync(TableName name, TableDefinition definition, CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <summary>Where rows lie: what <see cref="LakeTable.LookupAsync"/> found and <see cref="TableChange.Delete"/> removes. Opaque to callers.</summary>
public sealed class RowPositions
{
    public int Count => throw new NotImplementedException();
    public RowPositions Select(ReadOnlySpan<int> rows) => throw new NotImplementedException();
}

/// <summary>One commit.</summary>
public sealed record TableChange
{
    public IReadOnlyList<RowBatch> Append { get; init; } = [];
    /// <summary>Rows to remove, found in <see cref="BaseSnapshotId"/>.</summary>
    public RowPositions? Delete { get; init; }
    /// <summary>The snapshot the change was computed from; needed with <see cref="Delete"/>.</summary>
    public long? BaseSnapshotId { get; init; }
    /// <summary>Extra snapshot summary entries (offsets, watermarks).</summary>
    public IReadOnlyDictionary<string, string> Summary { get; init; } = new Dictionary<string, string>();
    /// <summary>Called with the head the commit would go on top of, again after each lost race; throws to refuse (an offset range that is in already).</summary>
    public Action<LakeSnapshot?>? Validate { get; init; }
}

public sealed class LakeTable
{
    public TableName Name => throw new NotImplementedException();
    public IReadOnlyList<ColumnSchema> Columns => throw new NotImplementedException();
    /// <summary>The head of main as of the last refresh, or null for a table without snapshots.</summary>
    public LakeSnapshot? Current => throw new NotImplementedException();
    /// <summary>All listed snapshots, oldest first.</summary>
    public IReadOnlyList<LakeSnapshot> Snapshots => throw new NotImplementedException();
    public ValueTask RefreshAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
    public LakeSnapshot SnapshotAsOf(DateTimeOffset time) => throw new NotImplementedException();
    /// <summary>The newest summary entry on the way from the given snapshot (default: head) to its oldest ancestor.</summary>
    public string? FindSummaryEntry(string key, long? snapshotId = null) => throw new NotImplementedException();
    /// <summary>All live rows of a snapshot (null: head; no snapshot: no rows), file by file, in the given columns (null: all).</summary>
    public IAsyncEnumerable<RowBatch> ScanAsync(long? snapshotId, IReadOnlyList<string>? columns, CancellationToken cancellationToken) => throw new NotImplementedException();
    /// <summary>Rows of the data files that the snapshots after <paramref name="fromExclusive"/> (null: the beginning) up to <paramref name="toInclusive"/> added; compaction (replace) adds nothing. See the class remarks for overwrites.</summary>
    public ValueTask<RowBatch> ReadAddedAsync(long? fromExclusive, long toInclusive, IReadOnlyList<string>? columns, CancellationToken cancellationToken) => throw new NotImplementedException();
    /// <summary>Live rows of a snapshot whose key columns equal one of the keys, and where they lie.</summary>
    public ValueTask<(RowBatch Rows, RowPositions Positions)> LookupAsync(long? snapshotId, RowBatch keys, IReadOnlyList<string>? columns, CancellationToken cancellationToken) => throw new NotImplementedException();
    /// <summary>Commits, rebasing over safe concurrent changes; the table is refreshed to what was committed.</summary>
    public ValueTask<LakeSnapshot> CommitAsync(TableChange change, CancellationToken cancellationToken) => throw new NotImplementedException();
}
