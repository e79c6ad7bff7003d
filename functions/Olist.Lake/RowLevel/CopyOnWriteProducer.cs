using Olist.Lake.Commits;
using Olist.Lake.Maintenance;
using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Lake.Scans;

namespace Olist.Lake.RowLevel;

/// <summary>Files that lose rows are written again without them, each by itself.</summary>
/// <remarks>
/// What is written again carries the data sequence number of the snapshot it was read from, as in a compaction; rows that are new or changed lie in files of their own, with the commit's number.
/// That is how incremental readers tell them apart, and it stays in the manifests whatever becomes of them.
/// </remarks>
sealed class CopyOnWriteProducer(TableContext table, TableChange change, RowRemoval removal) : RowLevelProducer(table, change, removal)
{
    /// <summary>Files in memory at a time.</summary>
    const int FilesAtOnce = 2;

    protected override string Mark => SummaryKeys.CopyOnWrite;

    protected override IReadOnlySet<string> RemovedPaths { get; } = removal.WholeFiles.Select(file => file.File.Path).Concat(removal.TouchedPaths).ToHashSet(StringComparer.Ordinal);

    protected override async ValueTask<List<AddedFile>> WriteDataAsync(TableMetadata metadata, CancellationToken cancellationToken)
    {
        var added = await base.WriteDataAsync(metadata, cancellationToken);
        if (Removal.Positions.Count == 0) return added;
        var start = Change.BaseSnapshotId is { } id ? metadata.FindSnapshot(id) : null;
        if (start is null) throw Conflict($"snapshot {Change.BaseSnapshotId}, which it was computed from, has expired");
        var touched = Removal.TouchedPaths.ToHashSet(StringComparer.Ordinal);
        var files = await SnapshotFiles.LoadAsync(Table, metadata, start, FilePruner.None(metadata), cancellationToken);
        var live = files.Data.Where(file => touched.Contains(file.File.Path)).ToArray();
        if (live.Length < touched.Count) throw Conflict($"file {touched.Except(live.Select(file => file.File.Path)).First()}, which it removes rows from, is not in snapshot {start.SnapshotId}");
        var deletes = (await DeleteFilter.LoadAsync(Table, metadata, metadata.CurrentSchema, live, files.Deletes, cancellationToken)).With(Removal.Positions, live);
        var writer = new BinWriter(Table, metadata, deletes, CommitId + "-kept", Written);
        var kept = await Ahead.ToListAsync(live, async (file, token) => await RewriteAsync(writer, metadata, file, start, token), Math.Min(FilesAtOnce, Table.Options.Parallelism), cancellationToken);
        return [.. added, .. kept.SelectMany(files => files)];
    }

    static async ValueTask<IEnumerable<AddedFile>> RewriteAsync(BinWriter writer, TableMetadata metadata, LiveFile file, LakeSnapshot start, CancellationToken cancellationToken)
    {
        var fits = BinPacker.Fits(file.File.FileBytes, file.File.RecordCount);
        var moves = file.SpecId != metadata.DefaultSpecId && fits;
        var bin = new CompactionBin(moves ? metadata.DefaultSpecId : file.SpecId, moves ? null : file.Partition, [file], fits);
        return (await writer.WriteAsync(bin, cancellationToken)).Select(written => new AddedFile(bin.SpecId, written, start.SequenceNumber));
    }
}
