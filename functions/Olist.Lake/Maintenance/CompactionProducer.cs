using Olist.Lake.Commits;
using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Lake.Scans;

namespace Olist.Lake.Maintenance;

/// <summary>A <c>replace</c> snapshot: the same rows in fewer files, and fewer manifests.</summary>
/// <remarks>New files carry the data sequence number of the snapshot that was rewritten, so that deletes by value which were committed meanwhile hit them as they hit the old ones.</remarks>
sealed class CompactionProducer(TableContext table, CompactionPlan plan) : SnapshotProducer(table, new TableChange())
{
    /// <summary>Bins in memory at a time.</summary>
    const int BinsAtOnce = 2;

    const int MaxFilesPerManifest = 10_000;

    readonly HashSet<string> _removedPaths = [.. plan.Rewritten.Concat(plan.DroppedDeletes).Select(file => file.File.Path)];

    List<DataFile> _removed = [];

    protected override string Operation => "replace";

    protected override IReadOnlyCollection<DataFile> Removed => _removed;

    public int FilesWritten => AddedData.Count;
    public long BytesWritten => AddedData.Sum(file => file.File.FileBytes);
    public long RowsWritten => AddedData.Sum(file => file.File.RecordCount);

    protected override async ValueTask<List<AddedFile>> WriteDataAsync(TableMetadata metadata, CancellationToken cancellationToken)
    {
        var writer = new BinWriter(Table, plan.Metadata, plan.Deletes, CommitId, Written);
        var files = await Ahead.ToListAsync(plan.Bins, async (bin, token) => (bin, written: await writer.WriteAsync(bin, token)), Math.Min(BinsAtOnce, Table.Options.Parallelism), cancellationToken);
        return [.. files.SelectMany(done => done.written.Select(file => new AddedFile(done.bin.SpecId, file, plan.Start.SequenceNumber)))];
    }

    public override async ValueTask CheckAsync(TableMetadata head, CancellationToken cancellationToken)
    {
        if (head.CurrentSnapshotId == plan.Start.SnapshotId) return;
        if (head.AncestorsOf(head.CurrentSnapshotId).All(snapshot => snapshot.SnapshotId != plan.Start.SnapshotId))
            throw GivesWay($"snapshot {plan.Start.SnapshotId}, which it rewrites, is no ancestor of the current one {head.CurrentSnapshotId} any more");
        var files = await SnapshotFiles.LoadAsync(Table, head, head.Current, FilePruner.None(head), cancellationToken);
        var live = files.Data.Where(file => _removedPaths.Contains(file.File.Path)).ToArray();
        if (live.Length < plan.Rewritten.Count()) throw GivesWay("a file that it rewrites was replaced since");
        // Deletes by value hit the new files as well, unless these lie in other partitions; those by position do not.
        var moves = plan.Bins.Any(bin => bin.Partition is null);
        var since = files.Deletes.Where(delete => delete.Sequence > plan.Start.SequenceNumber && (moves || delete.File.Content == FileContent.PositionDeletes)).ToArray();
        var filter = await DeleteFilter.LoadAsync(Table, head, head.CurrentSchema, live, since, cancellationToken);
        if (live.FirstOrDefault(filter.HasDeletes) is { } hit) throw GivesWay($"rows of file {hit.File.Path}, which it rewrites, were removed since");
    }

    CommitConflictException GivesWay(string why) => new($"The compaction of table {Table.Name} gives way: {why}. Nothing was changed; compact the table again.");

    /// <summary>Manifests that lose files, and small ones, become as few as possible; the others stay.</summary>
    protected override async ValueTask<IReadOnlyList<ManifestFile>> CarryAsync(TableMetadata head, IReadOnlyList<ManifestFile> parents, Func<string> nextFileName, CancellationToken cancellationToken)
    {
        _removed = [];
        var read = await Ahead.ToListAsync(parents, async (manifest, token) => (manifest, entries: await Table.ReadManifestAsync(manifest, head, token)), Table.Options.Parallelism, cancellationToken);
        var carried = new List<ManifestFile>();
        foreach (var group in read.GroupBy(pair => (pair.manifest.SpecId, pair.manifest.IsDeletes)))
        {
            var rewritten = group.Where(pair => pair.manifest.LiveFiles < CompactionPlan.SmallManifest || pair.entries.Any(IsRemoved)).ToArray();
            if (rewritten.Length == 1 && !rewritten[0].entries.Any(IsRemoved)) rewritten = [];
            carried.AddRange(group.Except(rewritten).Select(pair => pair.manifest));
            var entries = rewritten.SelectMany(pair => pair.entries).Where(entry => entry.IsLive).Select(Rewrite).ToArray();
            _removed.AddRange(entries.Where(entry => !entry.IsLive).Select(entry => entry.File));
            foreach (var chunk in entries.Chunk(MaxFilesPerManifest))
                carried.Add(await ManifestWriter.WriteAsync(Table.Files, nextFileName(), head, head.GetSpec(group.Key.SpecId), group.Key.IsDeletes, chunk, SnapshotId, cancellationToken));
        }
        return carried;
    }

    bool IsRemoved(ManifestEntry entry) => entry.IsLive && _removedPaths.Contains(entry.File.Path);

    ManifestEntry Rewrite(ManifestEntry entry) =>
        IsRemoved(entry) ? entry with { Status = EntryStatus.Deleted, SnapshotId = SnapshotId } : entry with { Status = EntryStatus.Existing };
}
