namespace Olist.Lake.Manifests;

/// <summary>Range of one partition field over the files of a manifest.</summary>
sealed record PartitionSummary(bool ContainsNull, bool? ContainsNan, byte[]? Lower, byte[]? Upper);

/// <summary>What a manifest list says of one manifest.</summary>
sealed record ManifestFile
{
    public required string Path { get; init; }
    public required long Length { get; init; }
    public required int SpecId { get; init; }
    /// <summary>Whether it lists delete files rather than data files.</summary>
    public required bool IsDeletes { get; init; }
    /// <summary>Of the snapshot that added the manifest.</summary>
    public required long Sequence { get; init; }
    /// <summary>Smallest data sequence number of its live entries.</summary>
    public required long MinSequence { get; init; }
    public required long AddedSnapshotId { get; init; }
    public int AddedFiles { get; init; }
    public int ExistingFiles { get; init; }
    public int DeletedFiles { get; init; }
    public long AddedRows { get; init; }
    public long ExistingRows { get; init; }
    public long DeletedRows { get; init; }
    /// <summary>One per field of the spec.</summary>
    public IReadOnlyList<PartitionSummary> Partitions { get; init; } = [];

    public int LiveFiles => AddedFiles + ExistingFiles;
}
