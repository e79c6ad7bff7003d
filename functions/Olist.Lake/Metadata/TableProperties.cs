using System.Globalization;

namespace Olist.Lake;

/// <summary>Table properties that are honoured here; names and meanings are Iceberg's.</summary>
public static class TableProperties
{
    public const string TargetFileBytes = "write.target-file-size-bytes";
    public const long TargetFileBytesDefault = 128L << 20;
    public const string RowGroupBytes = "write.parquet.row-group-size-bytes";
    public const string PageRows = "write.parquet.page-row-limit";
    public const string Codec = "write.parquet.compression-codec";
    /// <summary>Own: data files that a commit adds with at most so many rows are not compressed, which takes as long as all else about them; compaction, which soon puts them together, compresses. Default: 0.</summary>
    public const string PlainRows = "olist.write.uncompressed-rows";
    public const string BloomFilterPrefix = "write.parquet.bloom-filter-enabled.column.";
    /// <summary>For the bloom filter of a column, the share of values that it may take for present though they are not; here the smallest of all columns holds for the file.</summary>
    public const string BloomFilterFppPrefix = "write.parquet.bloom-filter-fpp.column.";
    /// <summary>Length of the metadata log: earlier metadata files that are kept track of.</summary>
    public const string PreviousVersionsMax = "write.metadata.previous-versions-max";
    public const int PreviousVersionsMaxDefault = 100;
    /// <summary>Whether metadata files that fall off the log are deleted. New tables here say true and keep 20: each file holds the whole history, and a commit a second would fill the disk with them.</summary>
    public const string DeleteAfterCommit = "write.metadata.delete-after-commit.enabled";
    /// <summary>How many manifests of one kind and size class pile up before they are merged into one.</summary>
    public const string ManifestsToMerge = "commit.manifest.min-count-to-merge";
    public const int ManifestsToMergeDefault = 32;
    public const string MergeManifests = "commit.manifest-merge.enabled";
    public const string CommitRetries = "commit.retry.num-retries";
    public const int CommitRetriesDefault = 100;
    public const string CommitMinWaitMs = "commit.retry.min-wait-ms";
    public const int CommitMinWaitMsDefault = 10;
    public const string CommitMaxWaitMs = "commit.retry.max-wait-ms";
    public const int CommitMaxWaitMsDefault = 2_000;

    /// <summary>Snapshots older than this expire.</summary>
    public const string MaxSnapshotAgeMs = "history.expire.max-snapshot-age-ms";
    public const long MaxSnapshotAgeMsDefault = 5L * 24 * 60 * 60 * 1000;
    /// <summary>Snapshots of a branch that stay whatever their age.</summary>
    public const string MinSnapshotsToKeep = "history.expire.min-snapshots-to-keep";
    public const int MinSnapshotsToKeepDefault = 1;
    /// <summary>Branches and tags, other than main, whose snapshot is older than this go at expiry. Default: never.</summary>
    public const string MaxRefAgeMs = "history.expire.max-ref-age-ms";
    /// <summary>False: somebody else uses the files too, so nothing expires and nothing is removed.</summary>
    public const string GarbageCollection = "gc.enabled";

    /// <summary>Written by expiry, not to be set: offsets and watermarks of expired snapshots, see <see cref="Metadata.ExpiredEntries"/>.</summary>
    public const string ExpiredEntries = "olist.expired-entries";

    /// <summary>How a change that only removes rows removes them: <c>copy-on-write</c> or <c>merge-on-read</c>. Default here: merge-on-read.</summary>
    public const string DeleteMode = "write.delete.mode";

    /// <summary>As <see cref="DeleteMode"/>, for rows that are updated by a filter.</summary>
    public const string UpdateMode = "write.update.mode";

    /// <summary>As <see cref="DeleteMode"/>, for changes that remove and add rows: merges by key and overwrites.</summary>
    public const string MergeMode = "write.merge.mode";

    /// <summary>Names that stand for something else in other engines' listings.</summary>
    static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "format-version", "uuid", "snapshot-count", "current-snapshot-id", "current-snapshot-summary", "current-snapshot-timestamp-ms",
        "current-schema", "default-partition-spec", "default-sort-order",
    };

    /// <summary>Why a property can't be stored; null: it can.</summary>
    internal static string? WhyNot(string key) => Reserved.Contains(key) ? "is reserved"
        : key == ExpiredEntries ? WhyNotGone(key)
        : key == "write.metadata.path" ? "can't be set: readers without a catalog look for metadata below the table's location"
        : null;

    /// <summary>Why a property can't be removed; null: it can.</summary>
    internal static string? WhyNotGone(string key) => key == ExpiredEntries ? "is kept by expiry: it holds the offsets and watermarks of expired snapshots" : null;

    /// <summary>The mode that a property says, or null.</summary>
    /// <exception cref="LakeException">It is neither of the two.</exception>
    internal static RowLevelMode? GetMode(IReadOnlyDictionary<string, string> properties, string key, string where) => properties.GetValueOrDefault(key) switch
    {
        null => null,
        "copy-on-write" => RowLevelMode.CopyOnWrite,
        "merge-on-read" => RowLevelMode.MergeOnRead,
        var other => throw new LakeException($"{where}: property {key} is '{other}'; expected copy-on-write or merge-on-read."),
    };

    internal static void CheckModes(IReadOnlyDictionary<string, string> properties, string where)
    {
        foreach (var key in (string[])[DeleteMode, UpdateMode, MergeMode]) GetMode(properties, key, where);
    }

    /// <summary>What a new table gets unless its definition says otherwise.</summary>
    public static IReadOnlyDictionary<string, string> Defaults { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Codec] = "snappy",
        [DeleteAfterCommit] = "true",
        [PreviousVersionsMax] = "20",
    };

    /// <returns>The smallest of the values whose key begins so, or null when there is none.</returns>
    internal static double? GetLeastShare(IReadOnlyDictionary<string, string> properties, string prefix, string where)
    {
        double? least = null;
        foreach (var (key, text) in properties)
        {
            if (!key.StartsWith(prefix, StringComparison.Ordinal)) continue;
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) || share is not (> 0 and < 1))
                throw new LakeException($"{where}: property {key} is '{text}'; expected a number between 0 and 1.");
            least = Math.Min(least ?? share, share);
        }
        return least;
    }

    internal static long GetLong(IReadOnlyDictionary<string, string> properties, string key, long fallback, string where)
    {
        if (!properties.TryGetValue(key, out var text)) return fallback;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new LakeException($"{where}: property {key} is '{text}'; expected a whole number.");
    }

    internal static bool GetBool(IReadOnlyDictionary<string, string> properties, string key, bool fallback) =>
        properties.TryGetValue(key, out var text) ? string.Equals(text, "true", StringComparison.OrdinalIgnoreCase) : fallback;
}
