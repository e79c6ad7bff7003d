using Olist.Lake.Metadata;

namespace Olist.Lake.Maintenance;

/// <summary>Which snapshots of a table stay and which expire at some moment. Reads metadata only.</summary>
/// <remarks>What stays of a branch is always its head and an unbroken line of ancestors: readers and <see cref="LakeTable.FindSummaryEntry"/> walk from parent to parent.</remarks>
sealed class ExpiryPlan
{
    readonly TableMetadata _metadata;
    readonly MaintenanceOptions _options;
    readonly long _now;
    readonly HashSet<long> _kept = [];

    ExpiryPlan(TableMetadata metadata, MaintenanceOptions options, long now)
    {
        _metadata = metadata;
        _options = options;
        _now = now;
    }

    public IReadOnlyList<LakeSnapshot> Expired { get; private set; } = [];

    public IReadOnlyList<string> ExpiredRefs { get; private set; } = [];

    /// <exception cref="LakeException">The table forbids it, or a property is no number.</exception>
    public static ExpiryPlan Make(TableMetadata metadata, TableName table, MaintenanceOptions options, long nowMs)
    {
        var plan = new ExpiryPlan(metadata, options, nowMs);
        var keep = options.KeepSnapshots.GetValueOrDefault(table) ?? [];
        var where = $"Table {table}";
        var age = options.MaxSnapshotAge is { } given ? (long)given.TotalMilliseconds : TableProperties.GetLong(metadata.Properties, TableProperties.MaxSnapshotAgeMs, TableProperties.MaxSnapshotAgeMsDefault, where);
        var count = options.MinSnapshots ?? TableProperties.GetLong(metadata.Properties, TableProperties.MinSnapshotsToKeep, TableProperties.MinSnapshotsToKeepDefault, where);
        var refAge = TableProperties.GetLong(metadata.Properties, TableProperties.MaxRefAgeMs, long.MaxValue, where);
        plan.ExpiredRefs = [.. metadata.Refs.Where(pair => pair.Key != TableMetadata.MainBranch && plan.AgeOf(metadata.FindSnapshot(pair.Value.SnapshotId)!) > (pair.Value.MaxRefAgeMs ?? refAge)).Select(pair => pair.Key)]; // checked when the metadata was read
        var capped = options.MaxSnapshots is not null && options.MaxSnapshotAge is null && !metadata.Properties.ContainsKey(TableProperties.MaxSnapshotAgeMs);
        foreach (var (name, reference) in metadata.Refs)
        {
            if (plan.ExpiredRefs.Contains(name)) continue;
            if (reference.Type != "branch") plan._kept.Add(reference.SnapshotId);
            else
            {
                var isMain = name == TableMetadata.MainBranch;
                var limit = capped && isMain && reference.MaxSnapshotAgeMs is null ? options.MaxSnapshots!.Value : int.MaxValue; // capped says so
                plan.KeepBranch(reference, new Young(reference.MaxSnapshotAgeMs ?? age, limit), Math.Max(1, reference.MinSnapshotsToKeep ?? count), keep);
            }
        }
        plan.KeepLoose(keep, age);
        plan.Expired = [.. metadata.Snapshots.Where(snapshot => !plan._kept.Contains(snapshot.SnapshotId))];
        return plan;
    }

    long AgeOf(LakeSnapshot snapshot) => _now - snapshot.Timestamp.ToUnixTimeMilliseconds();

    /// <summary>What stays for its age: up to <paramref name="MaxAge"/> in milliseconds for the newest <paramref name="Count"/>, for the others up to <see cref="MaintenanceOptions.MinSnapshotAge"/>.</summary>
    readonly record struct Young(long MaxAge, int Count);

    bool IsYoung(LakeSnapshot snapshot, int place, Young young) =>
        AgeOf(snapshot) <= (place < young.Count ? young.MaxAge : Math.Min(young.MaxAge, (long)_options.MinSnapshotAge.TotalMilliseconds));

    void KeepBranch(SnapshotRef reference, Young young, long count, IReadOnlyCollection<long> keep)
    {
        var line = _metadata.AncestorsOf(reference.SnapshotId).ToArray();
        var last = 0;
        for (var i = 0; i < line.Length; i++)
        {
            // A reader whose snapshot is gone can still go on from the one right after it.
            var isNeeded = keep.Contains(line[i].SnapshotId) || (line[i].ParentId is { } parent && keep.Contains(parent));
            if (i < count || IsYoung(line[i], i, young) || isNeeded) last = i;
        }
        foreach (var snapshot in line.Take(last + 1)) _kept.Add(snapshot.SnapshotId);
    }

    /// <summary>Snapshots on no branch (rolled back, or written to be picked) go by age. Of one that a reader stands at, the way to a branch stays, so that the reader learns where it was rolled back to.</summary>
    void KeepLoose(IReadOnlyCollection<long> keep, long age)
    {
        var onBranches = _metadata.Refs.Where(pair => !ExpiredRefs.Contains(pair.Key)).SelectMany(pair => _metadata.AncestorsOf(pair.Value.SnapshotId)).Select(snapshot => snapshot.SnapshotId).ToHashSet();
        foreach (var snapshot in _metadata.Snapshots)
            if (!onBranches.Contains(snapshot.SnapshotId) && AgeOf(snapshot) <= age) _kept.Add(snapshot.SnapshotId);
        foreach (var id in keep)
            foreach (var snapshot in _metadata.AncestorsOf(id).TakeWhile(snapshot => !onBranches.Contains(snapshot.SnapshotId))) _kept.Add(snapshot.SnapshotId);
    }

    /// <summary>The metadata without what expires; its summary entries stay in reach of every snapshot that is left.</summary>
    public TableMetadata Apply() => ExpiredEntries.Note(_metadata, _metadata.Keep(_kept.Contains), _options.KeepSummaryPrefixes) with
    {
        Refs = _metadata.Refs.Where(pair => !ExpiredRefs.Contains(pair.Key)).ToDictionary(StringComparer.Ordinal),
        Others = Statistics.Without(_metadata.Others, Expired.Select(snapshot => snapshot.SnapshotId).ToHashSet()),
    };
}
