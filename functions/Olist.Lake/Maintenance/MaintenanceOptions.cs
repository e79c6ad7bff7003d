namespace Olist.Lake;

/// <summary>What maintenance does and does not touch; the defaults suit a table that is committed to every few seconds. Immutable.</summary>
public sealed record MaintenanceOptions
{
    /// <summary>Plan and report only: nothing is written, nothing removed.</summary>
    public bool DryRun { get; init; }

    /// <summary>Data files below this many bytes are put together. Default 8 MB.</summary>
    public long SmallFileBytes { get; init; } = 8 << 20;

    /// <summary>Files of one partition that make a rewrite worth it (2 when the table has more than <see cref="MaxSmallFiles"/>). Default 5.</summary>
    public int MinFiles { get; init; } = 5;

    /// <summary>Small data files above which each pair of a partition is put together, and delete files above which all deletes are applied. Default 32.</summary>
    public int MaxSmallFiles { get; init; } = 32;

    /// <summary>A file of which this part of the rows is deleted is rewritten without them. Default a tenth.</summary>
    public double DeletedRatio { get; init; } = 0.1;

    /// <summary>Put small files together only with others of their size class (<see cref="TierFiles"/> at a time), so that each row is written anew once per class and not at every run: for a compaction that runs every few seconds. Default: no.</summary>
    public bool Tiered { get; init; }

    /// <summary>
    /// A table whose data files have no more bytes than this is put together as a whole: by a full compaction when it has more than one small file or any deletes, by a tiered one when it has more than a delete file
    /// for each MB of data. Reading some files and their deletes takes as long as reading the rows of such a table, and writing it anew costs little. Default 0: not.
    /// </summary>
    public long SmallTableBytes { get; init; }

    /// <summary>Files of one size class that a tiered compaction makes one of; also how much larger each class is than the one below. Default 8.</summary>
    public int TierFiles { get; init; } = 8;

    /// <summary>How often a compaction that gave way to another writer is computed again. Default 3.</summary>
    public int CompactionTries { get; init; } = 3;

    /// <summary>Snapshots older than this expire; null: what the table says (<see cref="TableProperties.MaxSnapshotAgeMs"/>, else 5 days).</summary>
    public TimeSpan? MaxSnapshotAge { get; init; }

    /// <summary>Snapshots of each branch that stay whatever their age; null: what the table says (<see cref="TableProperties.MinSnapshotsToKeep"/>, else 1).</summary>
    public int? MinSnapshots { get; init; }

    /// <summary>
    /// Snapshots of main above this many go before their age, the oldest first, once they are older than <see cref="MinSnapshotAge"/>: each commit writes all of them into the next metadata file. Null (default): age alone decides.
    /// A table that sets <see cref="TableProperties.MaxSnapshotAgeMs"/> itself, and an age given here, are obeyed instead.
    /// </summary>
    public int? MaxSnapshots { get; init; }

    /// <summary>What <see cref="MaxSnapshots"/> leaves alone: a reader may be at work on it. Default half an hour.</summary>
    public TimeSpan MinSnapshotAge { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Snapshots that readers will read on from (their watermarks), by table: these and all after them stay.</summary>
    public IReadOnlyDictionary<TableName, IReadOnlyCollection<long>> KeepSnapshots { get; init; } = new Dictionary<TableName, IReadOnlyCollection<long>>();

    /// <summary>Summary entries that stay in reach of every snapshot that is left, whatever expires: offsets and watermarks. Default <c>olist.</c>.</summary>
    public IReadOnlyList<string> KeepSummaryPrefixes { get; init; } = ["olist."];

    /// <summary>Files that no snapshot refers to are removed when they are older than this; younger ones may belong to a commit in progress. Default 3 days.</summary>
    public TimeSpan OrphanAge { get; init; } = TimeSpan.FromDays(3);
}
