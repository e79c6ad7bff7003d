namespace Olist.Lake;

/// <summary>What a compaction did, or with <see cref="MaintenanceOptions.DryRun"/> would do. Sizes in bytes.</summary>
public sealed record CompactionResult(TableName Table)
{
    /// <summary>The <c>replace</c> snapshot; null when there was nothing to do, or only a plan.</summary>
    public long? SnapshotId { get; init; }

    /// <summary>Whether there was anything to do.</summary>
    public bool IsNeeded { get; init; }

    public int DataFilesBefore { get; init; }
    public int DataFilesAfter { get; init; }
    public int DeleteFilesBefore { get; init; }
    public int DeleteFilesAfter { get; init; }
    public int ManifestsBefore { get; init; }
    public int ManifestsAfter { get; init; }

    /// <summary>Data files that were read and left the table, and the files in their place.</summary>
    public int FilesRewritten { get; init; }
    public int FilesWritten { get; init; }
    public long BytesRewritten { get; init; }
    public long BytesWritten { get; init; }

    /// <summary>Live rows that were moved.</summary>
    public long RowsRewritten { get; init; }

    /// <summary>Deleted rows that were left behind.</summary>
    public long RowsRemoved { get; init; }
}
