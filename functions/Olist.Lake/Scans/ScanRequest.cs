namespace Olist.Lake;

/// <summary>What to read of a table.</summary>
public sealed record ScanRequest
{
    /// <summary>Null: the head, in the current schema; else any listed snapshot, in the schema it was written under (the head of a branch: the current one).</summary>
    public long? SnapshotId { get; init; }

    /// <summary>A branch, read in the current schema, or a tag, read in the schema of its snapshot; instead of <see cref="SnapshotId"/>.</summary>
    public string? Reference { get; init; }

    /// <summary>Null: all.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>All must hold. Files and row groups that can't match are not read.</summary>
    public IReadOnlyList<ColumnRange> Where { get; init; } = [];
}
