using Olist.Lake.Commits;
using Olist.Lake.Metadata;

namespace Olist.Lake.Maintenance;

/// <summary>Moves main back to an ancestor of its head: no new snapshot, an entry in the log of heads; later snapshots stay listed until they expire.</summary>
static class Rollback
{
    public static MetadataEdit To(TableContext table, long snapshotId) => new(table, (head, now) =>
    {
        if (head.FindSnapshot(snapshotId) is null)
            throw new LakeException($"Table {table.Name} has no snapshot {snapshotId}: it expired, or belongs to another table. The oldest that is left is {(head.Snapshots.Count == 0 ? "none" : head.Snapshots[0].SnapshotId)}.");
        if (head.AncestorsOf(head.CurrentSnapshotId).All(snapshot => snapshot.SnapshotId != snapshotId))
            throw new LakeException($"Table {table.Name} can't be rolled back to snapshot {snapshotId}: it is no ancestor of the current one {head.CurrentSnapshotId}. Choose one of main's history.");
        return head.WithRef(TableMetadata.MainBranch, head.Refs[TableMetadata.MainBranch] with { SnapshotId = snapshotId }, now);
    });
}
