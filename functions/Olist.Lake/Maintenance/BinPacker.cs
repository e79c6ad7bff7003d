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

    readonly long _targetBytes = new WriterSettings(metadata, table).TargetFileBytes;
    readonly bool _sorts = new WriterSettings(metadata, table).SortOrder.Fields.Count > 0;

    public List<CompactionBin> Pack(SnapshotFiles files, DeleteFilter deletes)
    {
        bool IsSmall(LiveFile file) => file.File.FileBytes < Math.Min(options.SmallFileBytes, _targetBytes);
        var crowded = files.Data.Count(IsSmall) > options.MaxSmallFiles;
        var manyDeletes = files.Deletes.Count > options.MaxSmallFiles;
        bool IsWorn(LiveFile file) => deletes.HasDeletes(file)
            && (manyDeletes || deletes.NeededFor(file).Count > 0 || deletes.PositionsOf(file).Length >= options.DeletedRatio * file.File.RecordCount);

        var bins = new List<CompactionBin>();
        // Files of other formats are not read here, so they stay as they are.
        var candidates = files.Data.Where(file => string.Equals(file.File.Format, "parquet", StringComparison.OrdinalIgnoreCase) && (IsSmall(file) || IsWorn(file)));
        foreach (var partition in candidates.GroupBy(file => Moves(file) ? (metadata.DefaultSpecId, null) : (file.SpecId, Partition: (PartitionKey?)file.Partition)))
            foreach (var bin in Fill([.. partition.OrderBy(file => file.Sequence).ThenBy(file => file.File.Path, StringComparer.Ordinal)], inMemory: _sorts || partition.Key.Partition is null))
                if (bin.Any(IsWorn) || bin.Count >= (crowded ? 2 : Math.Max(2, options.MinFiles)))
                    bins.Add(new CompactionBin(partition.Key.Item1, partition.Key.Partition, bin, Fits(bin.Sum(file => file.File.FileBytes), bin.Sum(file => file.File.RecordCount))));
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
