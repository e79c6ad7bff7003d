using Olist.Functions.Operations;
using Olist.Pipeline.Steps;

namespace Olist.Functions.Batch;

/// <summary>Starts a batch run on schedule, and more often while a dataset is being replayed into the lake.</summary>
public sealed class BatchTimer(BatchRuns runs, ReplayProgress replay, Workspace workspace)
{
    [Function("batch_on_schedule")]
    public Task OnSchedule([TimerTrigger("%Olist:Batch:Schedule%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        runs.StartUnlessRunningAsync(client, "schedule", cancellationToken);

    /// <summary>So that the figures fill while one watches; when the replay is over and all of it is in, this does nothing any more.</summary>
    [Function("batch_during_replay")]
    public async Task DuringReplay([TimerTrigger("*/3 * * * * *", UseMonitor = false)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (!replay.WantsBatch) return;
        if (replay.IsOver && await workspace.IsSettledAsync(cancellationToken))
        {
            replay.Settle();
            return;
        }
        await runs.StartUnlessRunningAsync(client, "replay", cancellationToken);
    }
}
