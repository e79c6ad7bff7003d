using Olist.Formats.Columns;
using Olist.Lake;

namespace Olist.Pipeline.Steps.Batch;

/// <summary><c>silver.watermark</c>: the watermarks of all targets as rows, for whoever asks with SQL. The truth is in each target's snapshot summaries; this table follows them.</summary>
public static class WatermarkTable
{
    public const string Name = "silver.watermark";

    const int MaxAttempts = 3;

    static readonly string[] Key = ["app", "source_table"];

    /// <summary>The table as it was looked up, with the rows of all steps and their sources.</summary>
    public sealed record Stored(StepInput Input, RowBatch Existing, RowPositions? Positions);

    /// <summary>Looks up the rows that a run may change.</summary>
    public static async Task<Stored> LookUpAsync(BatchContext context, CancellationToken cancellationToken)
    {
        var table = await context.OpenTargetAsync(Name, cancellationToken);
        var input = new StepInput(table, new Dictionary<string, SourceDelta>());
        var pairs = BatchPlan.Steps.SelectMany(step => step.Sources.Select(source => (step.Target, Source: source))).ToArray();
        var keys = new RowBatch([.. Key.Select(name => table.Columns.First(column => column.Name == name))],
            [BytesColumn.Of([.. pairs.Select(pair => pair.Target)]), BytesColumn.Of([.. pairs.Select(pair => pair.Source)])], pairs.Length);
        var (existing, positions) = await input.LookupTargetAsync(keys, cancellationToken);
        return new Stored(input, existing, positions);
    }

    /// <summary>Brings the table up to the given results; commits nothing when it is.</summary>
    public static async Task PublishAsync(BatchContext context, IReadOnlyCollection<StepResult> results, CancellationToken cancellationToken) =>
        await PublishAsync(context, results.Select(result => (result.Target, result.Sources)), await LookUpAsync(context, cancellationToken), cancellationToken);

    /// <summary>The same by what each target takes in, upon rows that were looked up before.</summary>
    public static async Task PublishAsync(BatchContext context, IEnumerable<(string Target, IReadOnlyList<SourceRange> Sources)> taken, Stored found, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryPublishAsync(context, taken, found, cancellationToken);
                return;
            }
            catch (CommitConflictException) when (attempt < MaxAttempts)
            {
                // Another run was quicker, or it was compacted: the same rows in other files. Nothing was written; look them up again.
                found = await LookUpAsync(context, cancellationToken);
            }
        }
    }

    static async Task TryPublishAsync(BatchContext context, IEnumerable<(string Target, IReadOnlyList<SourceRange> Sources)> taken, Stored found, CancellationToken cancellationToken)
    {
        var builder = new RowBatchBuilder(found.Input.Target.Columns);
        foreach (var (target, source) in taken.SelectMany(step => step.Sources.Select(source => (step.Target, source))))
        {
            if (source.ToSnapshotId is not { } until) continue;
            builder.Bytes(0).Append(target);
            builder.Bytes(1).Append(source.Table);
            builder.Longs(2).Append(until);
        }
        var rows = builder.Build();
        if (rows.RowCount == 0) return;
        var output = Upsert.Changed(rows, found.Existing, found.Positions, Key);
        if (output.IsEmpty) return;
        await found.Input.Target.CommitAsync(new TableChange
        {
            Append = output.Append.RowCount > 0 ? [output.Append] : [],
            Delete = output.Delete,
            BaseSnapshotId = found.Input.BaseSnapshotId,
            PublishAfter = context.PublishAfter,
        }, cancellationToken);
    }
}
