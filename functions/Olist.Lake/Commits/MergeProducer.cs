using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Lake.Scans;

namespace Olist.Lake.Commits;

/// <summary>Removes rows by position delete files and adds others, in one snapshot: merge on read.</summary>
sealed class MergeProducer(TableContext table, TableChange change, RowPositions positions) : SnapshotProducer(table, change)
{
    bool IsMerge => Change.Append.Any(batch => batch.RowCount > 0);

    protected override string Operation => positions.Count == 0 ? "append" : AddedData.Count == 0 ? "delete" : "overwrite";

    protected override void DescribeOperation(Dictionary<string, string> summary)
    {
        if (positions.Count > 0) summary[SummaryKeys.Merge] = SummaryKeys.MergeOnRead;
    }

    protected override ValueTask<List<AddedFile>> WriteDeletesAsync(CancellationToken cancellationToken) =>
        new PositionDeleteWriter(Table, CommitId, Written).WriteAsync(positions, cancellationToken);

    public override async ValueTask CheckAsync(TableMetadata head, CancellationToken cancellationToken)
    {
        if (head.CurrentSnapshotId == Change.BaseSnapshotId) return;
        var since = head.AncestorsOf(head.CurrentSnapshotId).TakeWhile(snapshot => snapshot.SnapshotId != Change.BaseSnapshotId).ToArray();
        if (since.Length == 0 || (since[^1].ParentId != Change.BaseSnapshotId))
            throw Conflict($"snapshot {Change.BaseSnapshotId}, which it was computed from, is no ancestor of the current one {head.CurrentSnapshotId}");
        if (IsMerge && since.FirstOrDefault(MayAddRows) is { } adder)
            throw Conflict($"snapshot {adder.SnapshotId} ({adder.Operation}) added rows since, which may have the same keys");
        if (positions.Count > 0 && since.Any(snapshot => snapshot.Operation != "append")) await CheckTouchedAsync(head, since, cancellationToken);
    }

    /// <summary>Compaction adds files, but no rows. A summary without counts says nothing, so the worst is assumed.</summary>
    static bool MayAddRows(LakeSnapshot snapshot) =>
        snapshot.Operation is not ("replace" or "delete") && (snapshot.Count(SummaryKeys.AddedDataFiles) > 0 || !snapshot.Summary.ContainsKey(SummaryKeys.TotalDataFiles));

    /// <summary>The files that rows are removed from must be live, and nobody else may have removed rows from them.</summary>
    async ValueTask CheckTouchedAsync(TableMetadata head, LakeSnapshot[] since, CancellationToken cancellationToken)
    {
        var baseSequence = since[^1].SequenceNumber - 1;
        var files = await SnapshotFiles.LoadAsync(Table, head, head.Current, FilePruner.None(head), cancellationToken);
        var touched = positions.FileOf.Distinct().Select(file => positions.Files[file]).ToDictionary(file => file.Path, StringComparer.Ordinal);
        var live = files.Data.Where(file => touched.ContainsKey(file.File.Path)).ToArray();
        if (live.Length < touched.Count)
            throw Conflict($"file {touched.Keys.Except(live.Select(file => file.File.Path)).First()}, which it removes rows from, was replaced since");
        var deletes = files.Deletes.Where(delete => delete.Sequence > baseSequence).ToArray();
        if (deletes.FirstOrDefault(delete => delete.File.Content == FileContent.EqualityDeletes) is { } equality)
            throw Conflict($"snapshot {equality.SnapshotId} removed rows by value since");
        var filter = await DeleteFilter.LoadAsync(Table, head, head.CurrentSchema, live, deletes, cancellationToken);
        if (live.FirstOrDefault(filter.HasDeletes) is { } hit)
            throw Conflict($"rows of file {hit.File.Path}, which it removes rows from, were removed since");
    }

    CommitConflictException Conflict(string why) =>
        new($"The change to table {Table.Name} can't be committed: {why}. Refresh the table, compute the change again from the current snapshot, and commit that.");
}
