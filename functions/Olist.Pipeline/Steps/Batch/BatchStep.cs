using System.Globalization;
using Olist.Lake;

namespace Olist.Pipeline.Steps.Batch;

/// <summary>One table of the batch layer: reads what its sources gained since its watermark and commits rows and new watermark together.</summary>
/// <remarks>Running a step again is always safe: the watermark says what is in. A crash before the commit leaves nothing, a crash after it leaves all.
/// Two runs at once are found at the commit: the later one writes nothing and computes again from what the other left.</remarks>
public abstract class BatchStep
{
    /// <summary>Summary entry of each commit: the run that made it.</summary>
    public const string RunKey = "olist.run";

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
        var waiting = context.Time.GetUtcNow();
        var target = await context.OpenTargetAsync(Target, cancellationToken);
        var sources = new Dictionary<string, SourceDelta>();
        foreach (var source in Sources) sources.Add(source, await context.OpenSourceAsync(source, target, cancellationToken));
        if (!sources.Values.Any(source => source.HasChanges))
            return new StepResult(Target, target.Current?.SnapshotId, false, 0, 0, 0, Ranges(sources.Values), context.Time.GetElapsedTime(started));

        context.OnTaking?.Invoke(Ranges(sources.Values));
        var transforming = context.Time.GetUtcNow();
        var input = new StepInput(target, sources);
        var output = await ComputeAsync(input, cancellationToken);
        var snapshot = await target.CommitAsync(new TableChange
        {
            Append = output.Append.RowCount > 0 ? [output.Append] : [],
            Delete = output.Delete is { Count: > 0 } ? output.Delete : null,
            BaseSnapshotId = input.BaseSnapshotId,
            Summary = new Dictionary<string, string>(output.Notes.Concat(Watermarks.Entries(sources.Values))) { [RunKey] = context.RunId.ToString() },
            Validate = head => RequireUnmoved(target.Name, head, sources.Values),
            Foreseen = context.OnForeseen is { } tell ? table => tell(new Foreseen(table, Result(table.Current))) : null,
            PublishAfter = context.PublishAfter,
        }, cancellationToken);
        var verifying = context.Time.GetUtcNow();
        await VerifyAsync(target, snapshot, sources.Values, cancellationToken);
        return Result(snapshot) with { Times = new StepTimes(waiting, transforming, verifying, context.Time.GetUtcNow()) };

        StepResult Result(LakeSnapshot? made) => new(Target, made?.SnapshotId, true, sources.Values.Sum(source => source.RowsRead),
            output.Append.RowCount, output.Delete?.Count ?? 0, Ranges(sources.Values), context.Time.GetElapsedTime(started));
    }

    static SourceRange[] Ranges(IEnumerable<SourceDelta> sources) => [.. sources.Select(source => new SourceRange(source.Name, source.From, source.To, source.RowsRead))];

    /// <summary>Whether the table, as everyone sees it now, has what the step says: the steps after this one build on it.</summary>
    /// <exception cref="PipelineException">It was rolled back meanwhile, or says something else.</exception>
    static async ValueTask VerifyAsync(LakeTable target, LakeSnapshot made, IEnumerable<SourceDelta> sources, CancellationToken cancellationToken)
    {
        await target.RefreshAsync(cancellationToken);
        for (var at = target.Current; at is not null && at.SequenceNumber >= made.SequenceNumber; at = at.ParentId is { } parent ? target.FindSnapshot(parent) : null)
        {
            if (at.SnapshotId != made.SnapshotId) continue;
            foreach (var (key, expected) in Watermarks.Entries(sources))
                if (at.Summary.GetValueOrDefault(key) is var found && found != expected)
                    throw new PipelineException($"{target.Name}: snapshot {made.SnapshotId} says {key} = {found ?? "nothing"}, but the step took in {expected}. Roll the table back to before it, and run the batch layer again.");
            return;
        }
        // Expired already, as eager upkeep may do when a later commit is there: then it is in what stands on it.
        if (target.FindSnapshot(made.SnapshotId) is null && target.Current?.SequenceNumber > made.SequenceNumber) return;
        throw new PipelineException($"{target.Name}: snapshot {made.SnapshotId} was committed, but is not on the table's line any more: somebody rolled it back meanwhile. Run the batch layer again.");
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
