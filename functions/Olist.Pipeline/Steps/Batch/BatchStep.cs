using System.Globalization;
using Olist.Lake;

namespace Olist.Pipeline.Steps.Batch;

/// <summary>One table of the batch layer: reads what its sources gained since its watermark and commits rows and new watermark together.</summary>
/// <remarks>Running a step again is always safe: the watermark says what is in. A crash before the commit leaves nothing, a crash after it leaves all.
/// Two runs at once are found at the commit: the later one writes nothing and computes again from what the other left.</remarks>
public abstract class BatchStep
{
    const int MaxAttempts = 3;

    /// <summary>The table it fills, as <c>layer.name</c>; also the step's name.</summary>
    public abstract string Target { get; }

    /// <summary>The tables it reads.</summary>
    public abstract IReadOnlyList<string> Sources { get; }

    protected abstract ValueTask<StepOutput> ComputeAsync(StepInput input, CancellationToken cancellationToken);

    /// <summary>Takes in what is new. Computes again when the target moved meanwhile: compacted, it is the same table in other files; filled by another run, it is found up to date.</summary>
    public async Task<StepResult> RunAsync(BatchContext context, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAsync(context, cancellationToken);
            }
            catch (CommitConflictException) when (attempt < MaxAttempts)
            {
                // Nothing was written; the next attempt starts from the new head.
            }
        }
    }

    async Task<StepResult> TryAsync(BatchContext context, CancellationToken cancellationToken)
    {
        var started = context.Time.GetTimestamp();
        var target = await context.OpenTargetAsync(Target, cancellationToken);
        var sources = new Dictionary<string, SourceDelta>();
        foreach (var source in Sources) sources.Add(source, await context.OpenSourceAsync(source, target, cancellationToken));
        var ranges = sources.Values.Select(source => new SourceRange(source.Name, source.From, source.To)).ToArray();
        if (!sources.Values.Any(source => source.HasChanges))
            return new StepResult(Target, target.Current?.SnapshotId, false, 0, 0, 0, ranges, context.Time.GetElapsedTime(started));

        var input = new StepInput(target, sources);
        var output = await ComputeAsync(input, cancellationToken);
        var snapshot = await target.CommitAsync(new TableChange
        {
            Append = output.Append.RowCount > 0 ? [output.Append] : [],
            Delete = output.Delete is { Count: > 0 } ? output.Delete : null,
            BaseSnapshotId = input.BaseSnapshotId,
            Summary = Watermarks.Entries(sources.Values),
            Validate = head => RequireUnmoved(target.Name, head, sources.Values),
        }, cancellationToken);
        return new StepResult(Target, snapshot.SnapshotId, true, sources.Values.Sum(source => source.RowsRead),
            output.Append.RowCount, output.Delete?.Count ?? 0, ranges, context.Time.GetElapsedTime(started));
    }

    /// <summary>A run that meanwhile took in the same rows would make additive steps count them twice.</summary>
    static void RequireUnmoved(TableName target, CommitHead head, IEnumerable<SourceDelta> sources)
    {
        foreach (var source in sources)
        {
            var found = head.FindSummaryEntry(Watermarks.Key(source.Name));
            var expected = source.From?.ToString(CultureInfo.InvariantCulture);
            if (found != expected)
                throw new CommitConflictException(
                    $"{target} took in {source.Name} up to snapshot {found} while this run computed from {expected ?? "the beginning"}: " +
                    "another batch run is at work on this lake. Nothing was written; run again when it is done.");
        }
    }
}
