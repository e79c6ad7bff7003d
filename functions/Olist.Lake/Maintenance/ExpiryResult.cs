namespace Olist.Lake;

/// <summary>What an expiry did, or with <see cref="MaintenanceOptions.DryRun"/> would do.</summary>
public sealed record ExpiryResult(TableName Table)
{
    public int SnapshotsBefore { get; init; }

    /// <summary>The snapshots that went, oldest first.</summary>
    public IReadOnlyList<long> Removed { get; init; } = [];

    /// <summary>Branches and tags that went because of their age.</summary>
    public IReadOnlyList<string> RemovedRefs { get; init; } = [];

    /// <summary>Files that no snapshot refers to any more, by kind. A dry run does not look for them.</summary>
    public int DataFilesRemoved { get; init; }
    public int ManifestsRemoved { get; init; }
    public int ManifestListsRemoved { get; init; }
    public long BytesRemoved { get; init; }
}
