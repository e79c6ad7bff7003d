using Olist.Lake.Commits;
using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Lake.Scans;

namespace Olist.Lake.RowLevel;

/// <summary>Removes rows and adds others, in one snapshot; files that lose all of their rows are only taken off the list.</summary>
abstract class RowLevelProducer(TableContext table, TableChange change, RowRemoval removal) : SnapshotProducer(table, change)
{
    List<DataFile> _removed = [];

    protected RowRemoval Removal => removal;

    /// <summary>Data files that this snapshot takes off the list.</summary>
    protected abstract IReadOnlySet<string> RemovedPaths { get; }

    /// <summary>Value of <see cref="SummaryKeys.Merge"/>.</summary>
    protected abstract string Mark { get; }

    protected override IReadOnlyCollection<DataFile> Removed => _removed;

    protected override string Operation => removal.IsEmpty ? "append" : AddedData.Count == 0 ? "delete" : "overwrite";

    protected override void DescribeOperation(Dictionary<string, string> summary)
    {
        if (!removal.IsEmpty) summary[SummaryKeys.Merge] = Mark;
    }

    protected override async ValueTask<IReadOnlyList<ManifestFile>> CarryAsync(TableMetadata head, IReadOnlyList<ManifestFile> parents, Func<string> nextFileName, CancellationToken cancellationToken)
    {
        _removed = [];
        if (RemovedPaths.Count == 0) return parents;
        var read = await Ahead.ToListAsync(parents, async (manifest, token) => (manifest, entries: manifest.IsDeletes ? [] : await Table.ReadManifestAsync(manifest, head, token)), Table.Options.Parallelism, cancellationToken);
        var carried = new List<ManifestFile>();
        foreach (var (manifest, entries) in read)
        {
            var gone = entries.Where(IsRemoved).Select(entry => entry.File).ToArray();
            _removed.AddRange(gone);
            carried.Add(gone.Length == 0 ? manifest : await ManifestWriter.WriteAsync(Table.Files, nextFileName(), head, head.GetSpec(manifest.SpecId), isDeletes: false,
                [.. entries.Where(entry => entry.IsLive).Select(Rewrite)], SnapshotId, cancellationToken));
        }
        if (_removed.Count != RemovedPaths.Count) throw Conflict($"{RemovedPaths.Count - _removed.Count} of the files that it removes are not in the table any more");
        return carried;
    }

    bool IsRemoved(ManifestEntry entry) => entry.IsLive && RemovedPaths.Contains(entry.File.Path);

    ManifestEntry Rewrite(ManifestEntry entry) =>
        IsRemoved(entry) ? entry with { Status = EntryStatus.Deleted, SnapshotId = SnapshotId } : entry with { Status = EntryStatus.Existing };

    public override async ValueTask CheckAsync(TableMetadata head, CancellationToken cancellationToken)
    {
        var current = HeadOf(head)?.SnapshotId;
        if (current == Change.BaseSnapshotId) return;
        var since = head.AncestorsOf(current).TakeWhile(snapshot => snapshot.SnapshotId != Change.BaseSnapshotId).ToArray();
        if (since.Length == 0 || (since[^1].ParentId != Change.BaseSnapshotId))
            throw Conflict($"snapshot {Change.BaseSnapshotId}, which it was computed from, is no ancestor of the current one {current}");
        if (removal.MayMatch is { } mayMatch) await CheckAddedAsync(head, since, mayMatch, cancellationToken);
        else if (Change.Append.Any(batch => batch.RowCount > 0) && since.FirstOrDefault(MayAddRows) is { } adder)
            throw Conflict($"snapshot {adder.SnapshotId} ({adder.Operation}) added rows since, which may have the same keys");
        if (!removal.IsEmpty && since.Any(snapshot => snapshot.Operation != "append")) await CheckTouchedAsync(head, since, cancellationToken);
    }

    /// <summary>Compaction adds files, but no rows. A summary without counts says nothing, so the worst is assumed.</summary>
    static bool MayAddRows(LakeSnapshot snapshot) =>
        snapshot.Operation is not ("replace" or "delete") && (snapshot.Count(SummaryKeys.AddedDataFiles) > 0 || !snapshot.Summary.ContainsKey(SummaryKeys.TotalDataFiles));

    /// <summary>Rows that came meanwhile and that the filter may speak of.</summary>
    async ValueTask CheckAddedAsync(TableMetadata head, LakeSnapshot[] since, Func<LiveFile, bool> mayMatch, CancellationToken cancellationToken)
    {
        var adders = since.Where(MayAddRows).Select(snapshot => snapshot.SnapshotId).ToHashSet();
        if (adders.Count == 0) return;
        var files = await SnapshotFiles.LoadAsync(Table, head, HeadOf(head), FilePruner.None(head), cancellationToken);
        if (files.Data.FirstOrDefault(file => adders.Contains(file.SnapshotId) && mayMatch(file)) is { } added)
            throw Conflict($"snapshot {added.SnapshotId} added rows since that its filter may match");
    }

    /// <summary>The files that rows are removed from must be live, and nobody else may have removed rows from them.</summary>
    async ValueTask CheckTouchedAsync(TableMetadata head, LakeSnapshot[] since, CancellationToken cancellationToken)
    {
        var baseSequence = since[^1].SequenceNumber - 1;
        var files = await SnapshotFiles.LoadAsync(Table, head, HeadOf(head), FilePruner.None(head), cancellationToken);
        var touched = removal.TouchedPaths.Concat(removal.WholeFiles.Select(file => file.File.Path)).ToHashSet(StringComparer.Ordinal);
        var live = files.Data.Where(file => touched.Contains(file.File.Path)).ToArray();
        if (live.Length < touched.Count)
            throw Conflict($"file {touched.Except(live.Select(file => file.File.Path)).First()}, which it removes rows from, was replaced since");
        var deletes = files.Deletes.Where(delete => delete.Sequence > baseSequence).ToArray();
        if (deletes.FirstOrDefault(delete => delete.File.Content == FileContent.EqualityDeletes) is { } equality)
            throw Conflict($"snapshot {equality.SnapshotId} removed rows by value since");
        var filter = await DeleteFilter.LoadAsync(Table, head, head.CurrentSchema, live, deletes, cancellationToken);
        if (live.FirstOrDefault(filter.HasDeletes) is { } hit)
            throw Conflict($"rows of file {hit.File.Path}, which it removes rows from, were removed since");
    }

    protected CommitConflictException Conflict(string why) =>
        new($"The change to table {Table.Name} can't be committed: {why}. Refresh the table, compute the change again from the current snapshot, and commit that.");
}
