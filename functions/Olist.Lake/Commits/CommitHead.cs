using Olist.Lake.Metadata;

namespace Olist.Lake;

/// <summary>What a commit would go on top of: the newest state of the table at that try, which may be newer than what the caller has read.</summary>
public sealed class CommitHead
{
    readonly TableMetadata _metadata;

    internal CommitHead(TableMetadata metadata) => _metadata = metadata;

    /// <summary>The head of main, or null for a table without snapshots.</summary>
    public LakeSnapshot? Snapshot => _metadata.Current;

    public long? SnapshotId => _metadata.CurrentSnapshotId;

    /// <summary>The newest summary entry on the way from the head to its oldest ancestor.</summary>
    public string? FindSummaryEntry(string key) => _metadata.FindSummaryEntry(key, _metadata.CurrentSnapshotId);
}
