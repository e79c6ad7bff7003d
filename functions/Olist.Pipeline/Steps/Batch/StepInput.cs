using Olist.Formats.Columns;
using Olist.Lake;

namespace Olist.Pipeline.Steps.Batch;

/// <summary>What a step computes from: the target as it stands and the deltas of its sources.</summary>
public sealed class StepInput(LakeTable target, IReadOnlyDictionary<string, SourceDelta> sources)
{
    public LakeTable Target { get; } = target;

    /// <summary>The target's head that the step computes on; <see langword="null"/> for an empty target.</summary>
    public long? BaseSnapshotId { get; } = target.Current?.SnapshotId;

    /// <summary>What the target's last commits noted, or <see langword="null"/>.</summary>
    public string? FindNote(string key) => BaseSnapshotId is { } head ? Target.FindSummaryEntry(key, head) : null;

    public SourceDelta this[string source] => sources[source];

    /// <summary>The target's rows with one of the keys (columns matched by name), and where they lie.</summary>
    public async ValueTask<(RowBatch Rows, RowPositions? Positions)> LookupTargetAsync(RowBatch keys, CancellationToken cancellationToken)
    {
        if (BaseSnapshotId is null || keys.RowCount == 0) return (RowBatch.Empty(Target.Columns), null);
        return await Target.LookupAsync(BaseSnapshotId, keys, null, cancellationToken);
    }
}

/// <summary>What a step wants changed in its target.</summary>
/// <param name="Append">New rows and new versions of rows, in all columns of the target.</param>
/// <param name="Delete">Rows that go, or that <paramref name="Append"/> replaces.</param>
public sealed record StepOutput(RowBatch Append, RowPositions? Delete = null)
{
    /// <summary>What the step wants to know of its target the next time, in the summary of this commit; read with <see cref="StepInput.FindNote"/>.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    public bool IsEmpty => Append.RowCount == 0 && Delete is null or { Count: 0 };
}
