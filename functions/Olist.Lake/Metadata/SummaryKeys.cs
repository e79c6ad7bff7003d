namespace Olist.Lake;

/// <summary>Snapshot summary entries with a meaning; all values are text.</summary>
public static class SummaryKeys
{
    /// <summary>On <c>overwrite</c> and <c>delete</c> snapshots of this project: how rows were removed, so that incremental readers may go on.</summary>
    public const string Merge = "olist.merge";

    /// <summary>Value of <see cref="Merge"/>: the added data files hold exactly the rows that were inserted or are the new state of a key, removed rows are in position delete files.</summary>
    public const string MergeOnRead = "mor";

    /// <summary>Value of <see cref="Merge"/>: files that lost rows were written again. Of the added data files, those with the snapshot's own sequence number hold the rows that are new or changed; the others, with an older one, rows that were there before.</summary>
    public const string CopyOnWrite = "cow";

    /// <summary>On a staged snapshot: the writer's name for it. Whoever publishes it notes the same as <see cref="PublishedWapId"/>, so that it is not published twice.</summary>
    public const string WapId = "wap.id";

    /// <summary>On a cherry-picked snapshot: the <see cref="WapId"/> of what was picked.</summary>
    public const string PublishedWapId = "published-wap-id";

    /// <summary>On a cherry-picked snapshot: the id of what was picked.</summary>
    public const string SourceSnapshotId = "source-snapshot-id";

    /// <summary><c>true</c> on a snapshot that replaced whole partitions.</summary>
    public const string ReplacePartitions = "replace-partitions";

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
