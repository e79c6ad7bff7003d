using Olist.Formats.Columns;
using Olist.Lake;

namespace Olist.Pipeline.Steps.Batch;

/// <summary><c>silver.watermark</c>: the watermarks of all targets as rows, for whoever asks with SQL. The truth is in each target's snapshot summaries; this table follows them.</summary>
public static class WatermarkTable
{
    public const string Name = "silver.watermark";

    const int MaxAttempts = 3;

    /// <summary>Brings the table up to the given results; commits nothing when it is.</summary>
    public static async Task PublishAsync(BatchContext context, IReadOnlyCollection<StepResult> results, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryPublishAsync(context, results, cancellationToken);
                return;
            }
            catch (CommitConflictException) when (attempt < MaxAttempts)
            {
                // Compacted meanwhile: the same rows in other files. Nothing was written; look them up again.
            }
        }
    }

    static async Task TryPublishAsync(BatchContext context, IReadOnlyCollection<StepResult> results, CancellationToken cancellationToken)
    {
        var table = await context.OpenTargetAsync(Name, cancellationToken);
        var builder = new RowBatchBuilder(table.Columns);
        foreach (var (target, source) in results.SelectMany(result => result.Sources.Select(source => (result.Target, source))))
        {
            if (source.ToSnapshotId is not { } taken) continue;
            builder.Bytes(0).Append(target);
            builder.Bytes(1).Append(source.Table);
            builder.Longs(2).Append(taken);
        }
        var rows = builder.Build();
        if (rows.RowCount == 0) return;
        var input = new StepInput(table, new Dictionary<string, SourceDelta>());
        var output = await Upsert.ChangedAsync(input, rows, ["app", "source_table"], cancellationToken);
        if (output.IsEmpty) return;
        await table.CommitAsync(new TableChange
        {
            Append = output.Append.RowCount > 0 ? [output.Append] : [],
            Delete = output.Delete,
            BaseSnapshotId = input.BaseSnapshotId,
        }, cancellationToken);
    }
}
