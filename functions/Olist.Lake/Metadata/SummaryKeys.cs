namespace Olist.Lake;

/// <summary>Snapshot summary entries with a meaning; all values are text.</summary>
public static class SummaryKeys
{
    /// <summary>On <c>overwrite</c> and <c>delete</c> snapshots of this project: how rows were removed, so that incremental readers may go on.</summary>
    public const string Merge = "olist.merge";

    /// <summary>Value of <see cref="Merge"/>: the added data files hold exactly the rows that were inserted or are the new state of a key, removed rows are in position delete files.</summary>
    public const string MergeOnRead = "mor";

    /// <summary>Unique per commit: how a writer whose answer got lost finds out.</summary>
    public const string CommitId = "olist.commit-id";

    internal const string AddedDataFiles = "added-data-files", AddedRecords = "added-records", AddedFilesSize = "added-files-size";
    internal const string AddedDeleteFiles = "added-delete-files", AddedPositionDeleteFiles = "added-position-delete-files", AddedPositionDeletes = "added-position-deletes";
    internal const string RemovedDataFiles = "deleted-data-files", RemovedRecords = "deleted-records", RemovedFilesSize = "removed-files-size";
    internal const string RemovedDeleteFiles = "removed-delete-files", RemovedPositionDeleteFiles = "removed-position-delete-files", RemovedEqualityDeleteFiles = "removed-equality-delete-files", RemovedPositionDeletes = "removed-position-deletes", RemovedEqualityDeletes = "removed-equality-deletes";
    internal const string TotalDataFiles = "total-data-files", TotalRecords = "total-records", TotalFilesSize = "total-files-size";
    internal const string TotalDeleteFiles = "total-delete-files", TotalPositionDeletes = "total-position-deletes", TotalEqualityDeletes = "total-equality-deletes";
    internal const string ChangedPartitions = "changed-partition-count", ManifestsCreated = "manifests-created", ManifestsKept = "manifests-kept", ManifestsReplaced = "manifests-replaced";
}
