namespace Olist.Functions.Batch;

/// <summary>One batch run at a time, whoever asks for it.</summary>
public sealed class BatchRuns
{
    /// <summary>All runs share one instance id: the Durable backend keeps a second one from starting beside it, on however many instances of the app.</summary>
    public const string InstanceId = "olist-batch";

    /// <returns>Whether a run was started; false when one is under way.</returns>
    public async Task<bool> StartUnlessRunningAsync(DurableTaskClient client, string reason, CancellationToken cancellationToken)
    {
        if (await IsRunningAsync(client, cancellationToken)) return false;
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(BatchOrchestration), reason, new StartOrchestrationOptions(InstanceId), cancellationToken);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Somebody else asked between the look and the start.
            if (await IsRunningAsync(client, cancellationToken)) return false;
            throw;
        }
    }

    static async Task<bool> IsRunningAsync(DurableTaskClient client, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(InstanceId, cancellation: cancellationToken) is { IsCompleted: false };
}
