using Olist.Pipeline.Steps.Batch;

namespace Olist.Functions.Batch;

/// <summary>What a batch run says when it is done.</summary>
public sealed record BatchRunReport(string Reason, DateTime StartedAt, IReadOnlyList<StepResult> Steps);

/// <summary>One batch run: pins the bronze tables to one point, then fills each table as soon as those it reads are done.</summary>
public static class BatchOrchestration
{
    static readonly TaskOptions Retried = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(2), backoffCoefficient: 2));

    [Function(nameof(BatchOrchestration))]
    public static async Task<BatchRunReport> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, string reason)
    {
        var startedAt = context.CurrentUtcDateTime;
        var pins = await context.CallActivityAsync<Dictionary<string, long>>(nameof(BatchActivities.PinSources), options: Retried);
        var steps = new Dictionary<string, Task<StepResult>>();
        foreach (var step in BatchPlan.Steps)
            steps.Add(step.Target, RunStepAsync(context, step.Target, pins, [.. BatchPlan.Prerequisites(step).Select(target => steps[target])]));
        var results = await Task.WhenAll(steps.Values);
        await context.CallActivityAsync(nameof(BatchActivities.PublishWatermarks), results, Retried);
        return new BatchRunReport(reason, startedAt, results);
    }

    static async Task<StepResult> RunStepAsync(TaskOrchestrationContext context, string target, Dictionary<string, long> pins, Task<StepResult>[] prerequisites)
    {
        var pinned = BatchPlan.PinsAfter(pins, await Task.WhenAll(prerequisites));
        return await context.CallActivityAsync<StepResult>(nameof(BatchActivities.RunStep), new StepRequest(target, pinned), Retried);
    }
}

/// <summary>Input of one step's activity.</summary>
public sealed record StepRequest(string Target, Dictionary<string, long> Pins);
