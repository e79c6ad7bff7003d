using Olist.Functions.Serving;
using Olist.Pipeline.Queries.Lineage;
using Olist.Pipeline.Steps.Lineage;

namespace Olist.Functions.Batch;

/// <summary>Batch runs: the one under way or the last one, what an earlier one did, and a new one now.</summary>
public sealed class RunEndpoints(BatchRuns runs, LineageLog log)
{
    /// <summary>A batch run.</summary>
    public sealed record Run(string Id, string Status, DateTimeOffset CreatedAt, DateTimeOffset LastUpdatedAt, BatchRunReport? Report, string? Failure);

    [Function("runs")]
    public static Task<IActionResult> Latest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "runs")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        Answers.OfAsync(async () =>
        {
            var run = await client.GetInstanceAsync(BatchRuns.InstanceId, getInputsAndOutputs: true, cancellation: cancellationToken);
            return new { Items = run is null ? [] : new[] { Shape(run) }, Next = (string?)null };
        });

    [Function("runs_by_id")]
    public async Task<IActionResult> ById([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "runs/{runId}")] HttpRequest request, string runId, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(runId, out var id))
            return Answers.Problem(StatusCodes.Status400BadRequest, "The request is not understood", "A run is named by a UUID, as runId in GET /api/runs or in GET /api/lineage.");
        return await log.FindAsync(id, cancellationToken) is { } events
            ? await Answers.OfAsync(() => Task.FromResult(RunDocument.Of(id, events)))
            : Answers.NotFound($"Nothing is told of a run {id}: it changed nothing, is still under way, was of another lake, or was long ago.");
    }

    [Function("runs_start")]
    public async Task<IActionResult> Start(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        await runs.StartUnlessRunningAsync(client, "request", cancellationToken)
            ? new AcceptedResult("/api/runs", new { Id = BatchRuns.InstanceId })
            : Answers.Problem(StatusCodes.Status409Conflict, "A run is under way", "One batch run at a time; see GET /api/runs for when it is done.");

    static Run Shape(OrchestrationMetadata run) => new(
        run.InstanceId, run.RuntimeStatus.ToString(), run.CreatedAt, run.LastUpdatedAt,
        run.RuntimeStatus == OrchestrationRuntimeStatus.Completed ? run.ReadOutputAs<BatchRunReport>() : null, run.FailureDetails?.ErrorMessage);
}
