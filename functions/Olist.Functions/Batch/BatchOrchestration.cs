using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Lineage;

namespace Olist.Functions.Batch;

/// <summary>What a batch run says when it is done.</summary>
/// <param name="RunId">Of the run; <c>GET /api/runs/{id}</c> tells more of one that changed something.</param>
public sealed record BatchRunReport(string Reason, DateTime StartedAt, IReadOnlyList<StepResult> Steps, Guid? RunId = null);

/// <summary>One batch run: pins the bronze tables to one point, then fills each table as soon as those it reads are done. At the end, good or bad, it is recorded.</summary>
public static class BatchOrchestration
{
    static readonly TaskOptions Retried = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(2), backoffCoefficient: 2));

    [Function(nameof(BatchOrchestration))]
    public static async Task<BatchRunReport> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, string reason)
    {
        ArgumentNullException.ThrowIfNull(context);
        var startedAt = context.CurrentUtcDateTime;
        var runId = context.NewGuid();
        var pins = await context.CallActivityAsync<Dictionary<string, long>>(nameof(BatchActivities.PinSources), options: Retried);
        var failures = new List<StepFailure>();
        var steps = new Dictionary<string, Task<StepResult>>();
        foreach (var step in BatchPlan.Steps)
            steps.Add(step.Target, RunStepAsync(context, new StepRequest(step.Target, pins, runId), [.. BatchPlan.Prerequisites(step).Select(target => steps[target])], failures));
        try
        {
            var results = await Task.WhenAll(steps.Values);
            await context.CallActivityAsync(nameof(BatchActivities.PublishWatermarks), results, Retried);
            await context.CallActivityAsync(nameof(BatchActivities.RecordRun), Record(results), Retried);
            return new BatchRunReport(reason, startedAt, results, runId);
        }
        catch (TaskFailedException) when (failures.Count > 0)
        {
            await context.CallActivityAsync(nameof(BatchActivities.RecordRun), Record([.. steps.Values.Where(step => step.IsCompletedSuccessfully).Select(step => step.Result)]), Retried);
            throw;
        }

        RunRecord Record(StepResult[] results) => new(runId, reason, startedAt, context.CurrentUtcDateTime, results, failures);
    }

    static async Task<StepResult> RunStepAsync(TaskOrchestrationContext context, StepRequest request, Task<StepResult>[] prerequisites, List<StepFailure> failures)
    {
        var pinned = request with { Pins = BatchPlan.PinsAfter(request.Pins, await Task.WhenAll(prerequisites)) };
        var startedAt = context.CurrentUtcDateTime;
        try
        {
            return await context.CallActivityAsync<StepResult>(nameof(BatchActivities.RunStep), pinned, Retried);
        }
        catch (TaskFailedException failure)
        {
            failures.Add(new StepFailure(request.Target, failure.FailureDetails.ErrorMessage, startedAt, context.CurrentUtcDateTime, pinned.Pins));
            throw;
        }
    }
}

/// <summary>Input of one step's activity.</summary>
public sealed record StepRequest(string Target, Dictionary<string, long> Pins, Guid RunId);
