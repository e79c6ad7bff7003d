using Olist.Lake.Metadata;

namespace Olist.Lake;

/// <summary>What a commit would go on top of: the newest state of the table at that try, which may be newer than what the caller has read.</summary>
public sealed class CommitHead
{
    readonly TableMetadata _metadata;
    readonly string _branch;

    internal CommitHead(TableMetadata metadata, string branch = TableMetadata.MainBranch)
    {
        _metadata = metadata;
        _branch = branch;
    }

    /// <summary>The head of the branch that is committed to, or null for a table without snapshots.</summary>
    public LakeSnapshot? Snapshot => _metadata.HeadOf(_branch);

    public long? SnapshotId => Snapshot?.SnapshotId;

    /// <summary>The newest summary entry on the way from the head to its oldest ancestor.</summary>
    public string? FindSummaryEntry(string key) => _metadata.FindSummaryEntry(key, SnapshotId);
}
