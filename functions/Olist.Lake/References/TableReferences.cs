using Olist.Lake.Commits;
using Olist.Lake.Metadata;

namespace Olist.Lake;

/// <summary>The branches and tags of one table. Each change is a commit of its own, judged by the newest state of the table.</summary>
public sealed class TableReferences
{
    readonly LakeTable _table;

    internal TableReferences(LakeTable table) => _table = table;

    /// <summary>All of them, by name, as of the last refresh; main is among them once there is a snapshot.</summary>
    public IReadOnlyList<LakeReference> List() => [.. _table.Metadata.Refs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => Describe(pair.Key, pair.Value))];

    public LakeReference? Find(string name) => _table.Metadata.Refs.GetValueOrDefault(name) is { } reference ? Describe(name, reference) : null;

    /// <param name="snapshotId">Where it starts; null: the head of main.</param>
    /// <exception cref="LakeException">The name is taken, there is no such snapshot, or the retention contradicts itself.</exception>
    public ValueTask CreateBranchAsync(string name, long? snapshotId = null, ReferenceRetention? retention = null, CancellationToken cancellationToken = default) =>
        CreateAsync(name, SnapshotRef.Branch, snapshotId, retention, cancellationToken);

    /// <inheritdoc cref="CreateBranchAsync"/>
    public ValueTask CreateTagAsync(string name, long? snapshotId = null, ReferenceRetention? retention = null, CancellationToken cancellationToken = default) =>
        CreateAsync(name, SnapshotRef.Tag, snapshotId, retention, cancellationToken);

    ValueTask CreateAsync(string name, string type, long? snapshotId, ReferenceRetention? retention, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _table.EditAsync((head, now) =>
        {
            if (name == TableMetadata.MainBranch) throw Wrong("main is the branch that every table has; choose another name");
            if (head.Refs.GetValueOrDefault(name) is { } taken) throw Wrong($"there is a {taken.Type} {name} already, at snapshot {taken.SnapshotId}; replace or drop it, or choose another name");
            return head.WithRef(name, WithRetention(new SnapshotRef(Require(head, snapshotId).SnapshotId, type), retention ?? new(), name), now);
        }, cancellationToken);
    }

    /// <summary>Points a branch or tag at another snapshot, whatever lies between. On main this takes any listed snapshot, while <see cref="LakeMaintenance.RollBackAsync"/> only takes an ancestor.</summary>
    public ValueTask ReplaceAsync(string name, long snapshotId, CancellationToken cancellationToken = default) => _table.EditAsync((head, now) =>
    {
        var reference = Existing(head, name);
        var target = Require(head, snapshotId).SnapshotId;
        return reference.SnapshotId == target ? head : head.WithRef(name, reference with { SnapshotId = target }, now);
    }, cancellationToken);

    /// <summary>Moves a branch forward to where another branch or tag is.</summary>
    /// <exception cref="LakeException">The branch has snapshots that the other has not, so it would lose them: cherry-pick instead, or replace the branch. Or what lies between the two has expired, so that nobody can tell.</exception>
    public ValueTask FastForwardAsync(string branch, string to, CancellationToken cancellationToken = default) => _table.EditAsync((head, now) =>
    {
        var target = Existing(head, to).SnapshotId;
        if (branch == TableMetadata.MainBranch && head.Current is null) return head.WithRef(branch, new SnapshotRef(target, SnapshotRef.Branch), now);
        var reference = Existing(head, branch);
        if (reference.Type != SnapshotRef.Branch) throw Wrong($"{branch} is a tag, which does not move forward; replace it");
        if (reference.SnapshotId == target) return head;
        var ancestors = head.AncestorsOf(target).ToArray();
        if (ancestors.All(snapshot => snapshot.SnapshotId != reference.SnapshotId))
            throw ancestors is [.., { ParentId: { } gone }]
                ? Wrong($"branch {branch} can't be moved forward to {to}: whether its head {reference.SnapshotId} is an ancestor of {target} is not known any more, as snapshot {gone}, which may lie between them, has expired. Look whether {to} has its rows, and replace the branch")
                : Wrong($"branch {branch} can't be moved forward to {to}: its head {reference.SnapshotId} is no ancestor of {target}, so commits would be lost. Cherry-pick the snapshots of {to}, or replace the branch");
        return head.WithRef(branch, reference with { SnapshotId = target }, now);
    }, cancellationToken);

    /// <summary>Sets how long expiry leaves the reference alone; what is null goes back to the table's properties.</summary>
    public ValueTask SetRetentionAsync(string name, ReferenceRetention retention, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(retention);
        return _table.EditAsync((head, now) => WithRetention(Existing(head, name), retention, name) is var next && next == head.Refs[name] ? head : head.WithRef(name, next, now), cancellationToken);
    }

    /// <summary>Its snapshots stay until they expire.</summary>
    public ValueTask DropAsync(string name, CancellationToken cancellationToken = default) => _table.EditAsync((head, _) =>
    {
        if (name == TableMetadata.MainBranch) throw Wrong("main can't be dropped");
        Existing(head, name);
        return head with { Refs = head.Refs.Where(pair => pair.Key != name).ToDictionary(StringComparer.Ordinal) };
    }, cancellationToken);

    /// <summary>Brings one snapshot to a branch that does not have it: moves the branch when the snapshot was made right on top of its head, else adds the rows of an <c>append</c> once more.</summary>
    /// <remarks>What was picked is noted (<see cref="SummaryKeys.SourceSnapshotId"/>, <see cref="SummaryKeys.PublishedWapId"/>), so that it is not picked twice.</remarks>
    /// <returns>The head of the branch by then.</returns>
    /// <exception cref="LakeException">The branch has it already, or it removes rows of another state.</exception>
    public async ValueTask<LakeSnapshot> CherryPickAsync(long snapshotId, string branch = TableMetadata.MainBranch, CancellationToken cancellationToken = default)
    {
        await _table.RefreshAsync(cancellationToken);
        var pick = new CherryPick(_table.Context, snapshotId, branch);
        await _table.CommitAsync((ICommit)pick, validate: null, cancellationToken);
        return _table.FindSnapshot(pick.ResultId) ?? throw new CommitStateUnknownException($"Table {_table.Name}: snapshot {pick.ResultId} was committed, but is gone again. Look at the table's history.") { SnapshotId = pick.ResultId };
    }

    SnapshotRef Existing(TableMetadata head, string name) => head.Refs.GetValueOrDefault(name)
        ?? throw Wrong($"there is no branch or tag {name}; it has {string.Join(", ", head.Refs.Keys.DefaultIfEmpty("none"))}");

    LakeSnapshot Require(TableMetadata head, long? snapshotId) => snapshotId is { } id
        ? head.FindSnapshot(id) ?? throw Wrong($"there is no snapshot {id}; it expired, or belongs to another table")
        : head.Current ?? throw Wrong("it has no snapshot yet that could be named; commit something first");

    SnapshotRef WithRetention(SnapshotRef reference, ReferenceRetention retention, string name)
    {
        if (retention.MinSnapshotsToKeep is <= 0 || retention.MaxSnapshotAge <= TimeSpan.Zero || retention.MaxReferenceAge <= TimeSpan.Zero) throw Wrong($"the retention of {name} is not positive");
        if (reference.Type == SnapshotRef.Tag && (retention.MinSnapshotsToKeep is not null || retention.MaxSnapshotAge is not null)) throw Wrong($"tag {name} keeps one snapshot: how many and how old snapshots may be is for branches");
        if (name == TableMetadata.MainBranch && retention.MaxReferenceAge is not null) throw Wrong("main stays for ever; it can't have a highest age");
        return reference with { MinSnapshotsToKeep = retention.MinSnapshotsToKeep, MaxSnapshotAgeMs = Millis(retention.MaxSnapshotAge), MaxRefAgeMs = Millis(retention.MaxReferenceAge) };
    }

    static long? Millis(TimeSpan? time) => time is { } given ? Math.Max(1, (long)given.TotalMilliseconds) : null;

    static LakeReference Describe(string name, SnapshotRef reference) => new(name, reference.Type == SnapshotRef.Branch ? ReferenceKind.Branch : ReferenceKind.Tag, reference.SnapshotId, new ReferenceRetention
    {
        MinSnapshotsToKeep = (int?)Math.Min(reference.MinSnapshotsToKeep ?? 0, int.MaxValue) is var keep and > 0 ? keep : null,
        MaxSnapshotAge = Time(reference.MaxSnapshotAgeMs),
        MaxReferenceAge = Time(reference.MaxRefAgeMs),
    });

    static TimeSpan? Time(long? millis) => millis is { } given ? TimeSpan.FromMilliseconds(Math.Min(given, (long)TimeSpan.MaxValue.TotalMilliseconds - 1)) : null;

    LakeException Wrong(string what) => new($"Table {_table.Name}: {what}. Nothing was changed.");
}
