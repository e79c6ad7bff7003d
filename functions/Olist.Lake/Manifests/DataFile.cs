using Olist.Lake.Partitioning;

namespace Olist.Lake.Manifests;

enum FileContent { Data = 0, PositionDeletes = 1, EqualityDeletes = 2 }

/// <summary>What a manifest says of one file. Columns are named by field id; maps are null when the writer left them out.</summary>
sealed record DataFile
{
    public FileContent Content { get; init; }
    public required string Path { get; init; }
    public string Format { get; init; } = "PARQUET";
    public required PartitionKey Partition { get; init; }
    public required long RecordCount { get; init; }
    /// <summary>Exact: readers look for the footer there.</summary>
    public required long FileBytes { get; init; }
    public IReadOnlyDictionary<int, long>? ColumnSizes { get; init; }
    public IReadOnlyDictionary<int, long>? ValueCounts { get; init; }
    public IReadOnlyDictionary<int, long>? NullCounts { get; init; }
    public IReadOnlyDictionary<int, long>? NanCounts { get; init; }
    public IReadOnlyDictionary<int, byte[]>? LowerBounds { get; init; }
    public IReadOnlyDictionary<int, byte[]>? UpperBounds { get; init; }
    public IReadOnlyList<long>? SplitOffsets { get; init; }
    public IReadOnlyList<int>? EqualityIds { get; init; }
    public int? SortOrderId { get; init; }
    /// <summary>The one data file that a position delete file is about.</summary>
    public string? ReferencedDataFile { get; init; }
}

enum EntryStatus { Existing = 0, Added = 1, Deleted = 2 }

/// <summary>One line of a manifest, with inherited numbers filled in.</summary>
/// <param name="SnapshotId">Of the snapshot that added the file; for a deleted entry, that deleted it.</param>
/// <param name="Sequence">Data sequence number: decides which deletes apply.</param>
/// <param name="FileSequence">Of the snapshot that added the file.</param>
sealed record ManifestEntry(EntryStatus Status, long SnapshotId, long Sequence, long FileSequence, DataFile File)
{
    public bool IsLive => Status != EntryStatus.Deleted;
}
