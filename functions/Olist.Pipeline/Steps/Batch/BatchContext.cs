using Olist.Lake;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Pipeline.Steps.Batch;

/// <summary>One batch run: the lake and the source snapshots that every step of the run reads.</summary>
/// <param name="Lake">Where all tables are.</param>
/// <param name="Pins">Snapshot per source table, taken at one point; a table that is not named is read at its head. See <see cref="BatchPlan.PinsAfter"/> for tables that the run itself fills.</param>
/// <param name="Time">For durations and commit times.</param>
public sealed record BatchContext(LakeTables Lake, IReadOnlyDictionary<string, long> Pins, TimeProvider Time)
{
    /// <summary>Each commit of the run carries it in its snapshot summary, and the run's lineage is kept under it.</summary>
    public Guid RunId { get; init; } = Guid.CreateVersion7(Time.GetUtcNow());

    /// <summary>Tables as steps before are about to leave them; what is not here is read as it is.</summary>
    internal IReadOnlyDictionary<string, LakeTable> Ahead { get; init; } = new Dictionary<string, LakeTable>();

    /// <summary>What must have happened before anything is published that was read from <see cref="Ahead"/>.</summary>
    internal Task PublishAfter { get; init; } = Task.CompletedTask;

    /// <summary>Is told what a step is about to take in, each time that it tries.</summary>
    internal Action<IReadOnlyList<SourceRange>>? OnTaking { get; init; }

    /// <summary>Is told what a step is about to leave, each time that it tries.</summary>
    internal Action<Foreseen>? OnForeseen { get; init; }

    /// <summary>Pins every bronze table to its present head: all steps of the run see one point in time.</summary>
    public static async Task<BatchContext> StartAsync(LakeTables lake, TimeProvider time, CancellationToken cancellationToken)
    {
        var pins = new Dictionary<string, long>();
        foreach (var name in BatchPlan.Steps.SelectMany(step => step.Sources).Distinct().Where(BatchPlan.IsExternal))
        {
            var table = await lake.FindAsync(name, cancellationToken);
            if (table?.Current is { } head) pins[name] = head.SnapshotId;
        }
        return new BatchContext(lake, pins, time);
    }

    internal ValueTask<LakeTable> OpenTargetAsync(string name, CancellationToken cancellationToken) => Lake.EnsureAsync(name, cancellationToken);

    internal async ValueTask<SourceDelta> OpenSourceAsync(string name, LakeTable target, CancellationToken cancellationToken)
    {
        var watermark = Watermarks.Find(target, name);
        // Another run may have overtaken this one by now, and the target with it: then what this one foresaw is an old state of the source.
        var table = Ahead.TryGetValue(name, out var ahead) && (watermark is not { } taken || ahead.FindSnapshot(taken) is not null) ? ahead : await Lake.EnsureAsync(name, cancellationToken);
        long? pinned = Pins.TryGetValue(name, out var pin) ? pin : BatchPlan.IsExternal(name) ? null : table.Current?.SnapshotId;
        return new SourceDelta(name, table, watermark, IsPast(table, watermark, pinned) ? watermark : pinned);
    }

    /// <summary>Whether another run, pinned later, has taken in more than this one would: the watermark lies behind the pin in the source's history.</summary>
    static bool IsPast(LakeTable source, long? watermark, long? pinned)
    {
        var at = source.Current;
        while (at is not null && at.SnapshotId != watermark && at.SnapshotId != pinned) at = at.ParentId is { } parent ? source.FindSnapshot(parent) : null;
        return watermark is not null && watermark != pinned && at?.SnapshotId == watermark;
    }
}
