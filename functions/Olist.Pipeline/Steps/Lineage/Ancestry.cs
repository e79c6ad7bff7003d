using Olist.Lake;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>The line of snapshots that a version of a table stands on.</summary>
static class Ancestry
{
    /// <summary>The snapshot and its listed ancestors, newest first.</summary>
    public static IEnumerable<LakeSnapshot> Of(LakeTable table, long? snapshotId)
    {
        for (var at = Find(table, snapshotId); at is not null; at = Find(table, at.ParentId)) yield return at;
    }

    /// <summary>The newest commit of the line that changed rows: compaction makes none.</summary>
    public static LakeSnapshot LastChange(LakeTable table, LakeSnapshot at) => Of(table, at.SnapshotId).FirstOrDefault(snapshot => snapshot.Operation != "replace") ?? at;

    static LakeSnapshot? Find(LakeTable table, long? snapshotId) => snapshotId is { } id ? table.FindSnapshot(id) : null;
}
