namespace Olist.Pipeline.Steps.Batch;

/// <summary>One run of the batch layer inside this process: each step as soon as its sources are done, two or more at a time.</summary>
public static class BatchRun
{
    /// <returns>The results, in the order of <see cref="BatchPlan.Steps"/>.</returns>
    public static async Task<IReadOnlyList<StepResult>> RunAsync(BatchContext context, int parallelism, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(parallelism);
        var running = new Dictionary<string, Task<StepResult>>();
        foreach (var step in BatchPlan.Steps)
            running.Add(step.Target, RunStepAsync(step, [.. BatchPlan.Prerequisites(step).Select(target => running[target])]));
        var results = await Task.WhenAll(running.Values);
        await WatermarkTable.PublishAsync(context, results, cancellationToken);
        return results;

        async Task<StepResult> RunStepAsync(BatchStep step, Task<StepResult>[] prerequisites)
        {
            var pinned = context with { Pins = BatchPlan.PinsAfter(context.Pins, await Task.WhenAll(prerequisites)) };
            await slots.WaitAsync(cancellationToken);
            try
            {
                return await Task.Run(() => step.RunAsync(pinned, cancellationToken), cancellationToken);
            }
            finally
            {
                slots.Release();
            }
        }
    }
}
