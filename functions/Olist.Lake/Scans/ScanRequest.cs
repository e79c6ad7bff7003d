namespace Olist.Lake;

/// <summary>What to read of a table.</summary>
public sealed record ScanRequest
{
    /// <summary>Null: the head, in the current schema; else any listed snapshot, in the schema it was written under.</summary>
    public long? SnapshotId { get; init; }

    /// <summary>Null: all.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>All must hold. Files and row groups that can't match are not read.</summary>
    public IReadOnlyList<ColumnRange> Where { get; init; } = [];
}
