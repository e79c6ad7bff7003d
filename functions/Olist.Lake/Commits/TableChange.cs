using Olist.Formats.Columns;
using Olist.Lake.Metadata;

namespace Olist.Lake;

/// <summary>One commit. Rows to append, rows to remove, or only summary entries; all of it becomes visible at once or not at all.</summary>
/// <remarks>
/// A change without <see cref="Delete"/> is an append: it always goes through, whatever others committed. A change with <see cref="Delete"/> (empty or not) was computed from <see cref="BaseSnapshotId"/>:
/// it conflicts when a later snapshot touched the files that its rows lie in, or, if it appends as well (a merge by key), added any rows, as those may hold the same keys.
/// </remarks>
public sealed record TableChange
{
    /// <summary>Columns are matched by name; an optional column that is missing is null.</summary>
    public IReadOnlyList<RowBatch> Append { get; init; } = [];

    /// <summary>More rows to append, taken one batch after the other while they are written: memory stays bounded whatever their number. Files are sorted by the table's order each by itself. Used once; a batch must not change after it was given.</summary>
    public IAsyncEnumerable<RowBatch>? AppendStream { get; init; }

    /// <summary>Rows to remove, found in <see cref="BaseSnapshotId"/>. A merge whose keys are all new passes the empty positions that its look-up gave.</summary>
    public RowPositions? Delete { get; init; }

    /// <summary>The snapshot the change was computed from; needed with <see cref="Delete"/>. Null: from a table without snapshots.</summary>
    public long? BaseSnapshotId { get; init; }

    /// <summary>How the rows of <see cref="Delete"/> are removed; null: as the table's properties say (<see cref="TableProperties.MergeMode"/> and its like), else by position deletes.</summary>
    public RowLevelMode? Mode { get; init; }

    /// <summary>The branch to commit to, which must be there. Default: main.</summary>
    public string Branch { get; init; } = TableMetadata.MainBranch;

    /// <summary>Commits a snapshot that no branch points to: for others to look at, and to be cherry-picked later. It expires by age.</summary>
    public bool IsStaged { get; init; }

    /// <summary>Extra snapshot summary entries (offsets, watermarks).</summary>
    public IReadOnlyDictionary<string, string> Summary { get; init; } = new Dictionary<string, string>();

    /// <summary>More summary entries, made anew for each head the commit is tried on: positions of several writers that must be merged.</summary>
    public Func<CommitHead, IReadOnlyDictionary<string, string>>? SummaryOf { get; init; }

    /// <summary>Called with the head the commit would go on top of, again after each lost race; throws to refuse (an offset range that is in already).</summary>
    public Action<CommitHead>? Validate { get; init; }

    /// <summary>Called with the table as this commit is about to make it, before that is durable or to be seen by others; again after each lost race, when what was given before will not be. For somebody who reads on at once, and commits nothing that stands on it before this commit has returned.</summary>
    public Action<LakeTable>? Foreseen { get; init; }

    /// <summary>Published only after this, while the files of this commit are made; when it fails, so does the commit.</summary>
    public Task PublishAfter { get; init; } = Task.CompletedTask;
}
