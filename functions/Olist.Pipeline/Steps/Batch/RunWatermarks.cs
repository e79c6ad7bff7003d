namespace Olist.Pipeline.Steps.Batch;

/// <summary>Publishes the watermarks of a run: their commit is made while the last steps compute, as what these take in is known by then, and is published when all are done.</summary>
/// <param name="steps">By target.</param>
sealed class RunWatermarks(BatchContext context, IReadOnlyDictionary<string, RunningStep> steps)
{
    /// <summary>Ends as the run does when a step fails.</summary>
    /// <param name="lookUp">Looks up the rows that may change.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task PublishAsync(Func<Task<WatermarkTable.Stored>> lookUp, CancellationToken cancellationToken)
    {
        var found = await lookUp();
        var taking = new List<(string Target, IReadOnlyList<SourceRange> Sources)>();
        foreach (var (target, step) in steps) taking.Add((target, await step.TakingAsync()));
        try
        {
            await WatermarkTable.PublishAsync(context with { PublishAfter = RequireAsync(taking) }, taking, found, cancellationToken);
        }
        catch (UnforeseenException)
        {
            await WatermarkTable.PublishAsync(context, [.. steps.Values.Select(step => step.Done.Result)], cancellationToken);
        }
    }

    async Task RequireAsync(IReadOnlyList<(string Target, IReadOnlyList<SourceRange> Sources)> taking)
    {
        await Task.WhenAll(steps.Values.Select(step => step.Done));
        foreach (var (target, sources) in taking)
            if (!await steps[target].TookAsync(sources)) throw new UnforeseenException();
    }
}
