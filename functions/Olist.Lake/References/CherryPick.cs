using Olist.Lake.Commits;
using Olist.Lake.Manifests;
using Olist.Lake.Metadata;

namespace Olist.Lake;

/// <summary>Moves a branch to a snapshot made on top of its head, or else appends that snapshot's files once more; which of the two is decided on each head that is tried.</summary>
/// <remarks>The rules are those of the reference implementation's <c>CherryPickOperation</c>, without its replaced partitions.</remarks>
sealed class CherryPick : SnapshotProducer
{
    readonly long _source;
    LakeSnapshot? _picked;

    public CherryPick(TableContext table, long source, string branch) : base(table, new TableChange { Branch = branch }) => _source = source;

    /// <summary>The head of the branch afterwards.</summary>
    public long ResultId { get; private set; }

    protected override string Operation => "append";

    protected override void DescribeOperation(Dictionary<string, string> summary)
    {
        summary[SummaryKeys.SourceSnapshotId] = _source.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (_picked?.Summary.GetValueOrDefault(SummaryKeys.WapId) is { } wap) summary[SummaryKeys.PublishedWapId] = wap;
    }

    /// <summary>The files that the snapshot added; they are in the table already and stay where they are.</summary>
    protected override async ValueTask<List<AddedFile>> WriteDataAsync(TableMetadata metadata, CancellationToken cancellationToken)
    {
        _picked = metadata.FindSnapshot(_source) ?? throw Refused($"there is no such snapshot; it expired, or belongs to another table");
        if (_picked.Operation != "append" || CanMove(metadata)) return [];
        var files = new List<AddedFile>();
        foreach (var manifest in (await Table.ReadListAsync(_picked, cancellationToken)).Where(manifest => manifest.AddedSnapshotId == _source && manifest.AddedFiles > 0))
        {
            if (manifest.IsDeletes) throw Refused("it removes rows by files of its own, which can't be applied to another state; compute the change again");
            foreach (var entry in await Table.ReadManifestAsync(manifest, metadata, cancellationToken))
                if (entry.Status == EntryStatus.Added && entry.SnapshotId == _source) files.Add(new AddedFile(manifest.SpecId, entry.File));
        }
        return files;
    }

    bool CanMove(TableMetadata head) => _picked!.ParentId == HeadOf(head)?.SnapshotId; // prepared before

    public override ValueTask CheckAsync(TableMetadata head, CancellationToken cancellationToken)
    {
        if (head.FindSnapshot(_source) is null) throw Refused("it has expired meanwhile");
        var wap = _picked!.Summary.GetValueOrDefault(SummaryKeys.WapId); // prepared before
        var id = _source.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var snapshot in head.AncestorsOf(HeadOf(head)?.SnapshotId))
        {
            if (snapshot.SnapshotId == _source) throw Refused($"branch {Branch} has it already");
            if (snapshot.Summary.GetValueOrDefault(SummaryKeys.SourceSnapshotId) == id) throw Refused($"branch {Branch} has its rows already: snapshot {snapshot.SnapshotId} was picked from it");
            if (wap is not null && (snapshot.Summary.GetValueOrDefault(SummaryKeys.PublishedWapId) == wap || snapshot.Summary.GetValueOrDefault(SummaryKeys.WapId) == wap))
                throw Refused($"branch {Branch} has {SummaryKeys.WapId} {wap} already, with snapshot {snapshot.SnapshotId}");
        }
        if (CanMove(head)) return ValueTask.CompletedTask;
        if (_picked.Operation != "append")
            throw Refused($"it is {_picked.Operation} on top of snapshot {_picked.ParentId?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}, while the head of {Branch} is {HeadOf(head)?.SnapshotId}: only an append can be brought to another state. Compute the change again there");
        // The branch moved on after a move was planned: its files were not looked for.
        if (AddedData.Count == 0 && _picked.Count(SummaryKeys.AddedDataFiles) > 0) throw new CommitConflictException($"Table {Table.Name}: branch {Branch} moved while snapshot {_source} was being picked. Nothing was changed; pick it again.");
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<TableMetadata> ApplyAsync(TableMetadata head, int attempt, CancellationToken cancellationToken)
    {
        if (!CanMove(head))
        {
            ResultId = SnapshotId;
            return await base.ApplyAsync(head, attempt, cancellationToken);
        }
        ResultId = _source;
        var now = Math.Max(Table.Time.GetUtcNow().ToUnixTimeMilliseconds(), head.LastUpdatedMs + 1);
        return head.WithRef(Branch, (head.Refs.GetValueOrDefault(Branch) ?? new SnapshotRef(_source, SnapshotRef.Branch)) with { SnapshotId = _source }, now) with { LastUpdatedMs = now };
    }

    LakeException Refused(string why) => new($"Table {Table.Name}: snapshot {_source} can't be cherry-picked: {why}. Nothing was changed.");
}
