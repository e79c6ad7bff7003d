using Olist.Lake.Commits;
using Olist.Lake.Metadata;
using Olist.Lake.Partitioning;
using Olist.Lake.Scans;

namespace Olist.Lake.Maintenance;

/// <summary>Says which files are worth rewriting and which of them together: neighbours in age, of one partition or of older specs, up to the target size.</summary>
/// <remarks>
/// A table with a sort order gets bins of at most <see cref="MaxSortedBytes"/> and <see cref="MaxSortedRows"/>, because their rows are sorted in memory, two bins at most at a time.
/// Small and worn files of older specs are rewritten into the current one, whatever their partition; others stay as they are, as they are read all the same.
/// The number of files never grows otherwise, and a bin of one file is only made to apply deletes, so that compacting again comes to an end.
/// </remarks>
sealed class BinPacker(TableMetadata metadata, TableName table, MaintenanceOptions options)
{
    public const long MaxSortedBytes = 32 << 20;
    public const long MaxSortedRows = 2_000_000;

    /// <summary>Files below this are of one class: at this size a file is mostly footer.</summary>
    const long SmallestTierBytes = 64 << 10;

    readonly long _targetBytes = new WriterSettings(metadata, table).TargetFileBytes;
    readonly bool _sorts = new WriterSettings(metadata, table).SortOrder.Fields.Count > 0;

    /// <summary>Data of a small table for each delete file that a tiered compaction leaves alone: what a commit adds of data and deletes took a new reader 0.5 to 1.2 ms, a whole table of 2 MB 7 ms.</summary>
    const long BytesPerDeleteFile = 1 << 20;

    /// <summary>Whether only small files of one size class are put together, whatever is deleted in them: not when so many delete files lie about that all of them have to be applied.</summary>
    public bool IsTiered(SnapshotFiles files) => options.Tiered && !HasManyDeletes(files);

    bool HasManyDeletes(SnapshotFiles files) => files.Deletes.Count > (!IsSmallTable(files) ? options.MaxSmallFiles : options.Tiered ? Math.Min(options.MaxSmallFiles, BytesOf(files) / BytesPerDeleteFile) : 0);

    bool IsSmallTable(SnapshotFiles files) => options.SmallTableBytes > 0 && BytesOf(files) <= options.SmallTableBytes;

    static long BytesOf(SnapshotFiles files) => files.Data.Sum(file => file.File.FileBytes);

    public List<CompactionBin> PackTiers(SnapshotFiles files) =>
        Pack(files.Data.Where(IsSmall), TierOf, bin => bin.Count >= (IsCrowded(files) ? 2 : Math.Max(2, options.TierFiles)));

    public List<CompactionBin> Pack(SnapshotFiles files, DeleteFilter deletes)
    {
        var manyDeletes = HasManyDeletes(files);
        bool IsWorn(LiveFile file) => deletes.HasDeletes(file)
            && (manyDeletes || deletes.NeededFor(file).Count > 0 || deletes.AreDeleted(file, options.DeletedRatio));
        return Pack(files.Data.Where(file => IsSmall(file) || IsWorn(file)), _ => 0, bin => bin.Any(IsWorn) || bin.Count >= (IsCrowded(files) || IsSmallTable(files) ? 2 : Math.Max(2, options.MinFiles)));
    }

    bool IsSmall(LiveFile file) => file.File.FileBytes < Math.Min(options.SmallFileBytes, _targetBytes);

    bool IsCrowded(SnapshotFiles files) => files.Data.Count(IsSmall) > options.MaxSmallFiles;

    int TierOf(LiveFile file)
    {
        var tier = 0;
        for (var limit = SmallestTierBytes; file.File.FileBytes >= limit; limit *= Math.Max(2, options.TierFiles)) tier++;
        return tier;
    }

    List<CompactionBin> Pack(IEnumerable<LiveFile> files, Func<LiveFile, int> tierOf, Func<List<LiveFile>, bool> isWorthIt)
    {
        var bins = new List<CompactionBin>();
        // Files of other formats are not read here, so they stay as they are.
        var candidates = files.Where(file => string.Equals(file.File.Format, "parquet", StringComparison.OrdinalIgnoreCase));
        foreach (var group in candidates.GroupBy(file => (SpecId: Moves(file) ? metadata.DefaultSpecId : file.SpecId, Partition: Moves(file) ? null : (PartitionKey?)file.Partition, Tier: tierOf(file))))
            foreach (var bin in Fill([.. group.OrderBy(file => file.Sequence).ThenBy(file => file.File.Path, StringComparer.Ordinal)], inMemory: _sorts || group.Key.Partition is null).Where(isWorthIt))
                bins.Add(new CompactionBin(group.Key.SpecId, group.Key.Partition, bin, Fits(bin.Sum(file => file.File.FileBytes), bin.Sum(file => file.File.RecordCount))));
        return bins;
    }

    /// <summary>Files of an older spec go into the current one when they are rewritten, unless they are too large to be spread over partitions in memory.</summary>
    bool Moves(LiveFile file) => file.SpecId != metadata.DefaultSpecId && Fits(file.File.FileBytes, file.File.RecordCount);

    public static bool Fits(long bytes, long rows) => bytes <= MaxSortedBytes && rows <= MaxSortedRows;

    IEnumerable<List<LiveFile>> Fill(IReadOnlyList<LiveFile> files, bool inMemory)
    {
        var bin = new List<LiveFile>();
        long bytes = 0, rows = 0;
        foreach (var file in files)
        {
            (bytes, rows) = (bytes + file.File.FileBytes, rows + file.File.RecordCount);
            if (bin.Count > 0 && (bytes > _targetBytes || (inMemory && !Fits(bytes, rows))))
            {
                yield return bin;
                (bin, bytes, rows) = ([], file.File.FileBytes, file.File.RecordCount);
            }
            bin.Add(file);
        }
        if (bin.Count > 0) yield return bin;
    }
}
