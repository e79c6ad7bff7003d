using Olist.Pipeline.Steps.Lineage;

namespace Olist.Pipeline.Steps.Batch;

/// <summary>One run of the batch layer inside this process: each step as soon as its sources are done, two or more at a time, those of the longest chain first.</summary>
public static class BatchRun
{
    /// <summary>Steps at a time that keep this machine busy while some of them wait for the disk or an object store. Each holds what it takes in and writes, so they are not more.</summary>
    public static int Parallelism { get; } = Math.Clamp((2 * Environment.ProcessorCount) + 1, 3, 8);

    /// <summary>Runs all steps and records what they did; a run that fails is recorded too, before its error goes on.</summary>
    /// <returns>The results, in the order of <see cref="BatchPlan.Steps"/>.</returns>
    public static async Task<IReadOnlyList<StepResult>> RunAsync(BatchContext context, int parallelism, CancellationToken cancellationToken)
    {
        var startedAt = context.Time.GetUtcNow();
        var recorder = new RunRecorder(context.Lake);
        var failures = new List<StepFailure>();
        var slots = new StepSlots(parallelism);
        var threads = new StepThreads(Environment.ProcessorCount);
        var running = new Dictionary<string, Task<StepResult>>();
        foreach (var step in BatchPlan.Steps)
            running.Add(step.Target, RunStepAsync(step, [.. BatchPlan.Prerequisites(step).Select(target => running[target])]));
        var watermarks = WatermarksAheadAsync();
        try
        {
            var results = await Task.WhenAll(running.Values);
            await Task.WhenAll(WatermarkTable.PublishAsync(context, results, watermarks, cancellationToken), recorder.RecordAsync(Record(), cancellationToken));
            return results;
        }
        catch (Exception failure) when (failures.Count > 0)
        {
            await RecordFailedAsync(recorder, Record(), failure, cancellationToken);
            throw;
        }
        finally
        {
            await ((Task)watermarks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // nothing of a run goes on after it
        }

        RunRecord Record() => new(context.RunId, "command", startedAt, context.Time.GetUtcNow(),
            [.. running.Values.Where(step => step.IsCompletedSuccessfully).Select(step => step.Result)], failures);

        // When the last steps leave a slot free: what the end of the run waits for is there then.
        async Task<WatermarkTable.Stored> WatermarksAheadAsync()
        {
            await slots.TakeAsync(urgency: -1, cancellationToken);
            try
            {
                return await WatermarkTable.LookUpAsync(context, cancellationToken);
            }
            finally
            {
                slots.Release();
            }
        }

        async Task<StepResult> RunStepAsync(BatchStep step, Task<StepResult>[] prerequisites)
        {
            var pinned = context with { Pins = BatchPlan.PinsAfter(context.Pins, await Task.WhenAll(prerequisites)) };
            await slots.TakeAsync(BatchPlan.Urgency(step), cancellationToken);
            var begun = context.Time.GetUtcNow();
            try
            {
                return await Task.Factory.StartNew(() => step.RunAsync(pinned, cancellationToken), cancellationToken, TaskCreationOptions.DenyChildAttach, threads.WithUrgency(BatchPlan.Urgency(step))).Unwrap();
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                lock (failures) failures.Add(new StepFailure(step.Target, exception.Message, begun, context.Time.GetUtcNow(), pinned.Pins));
                throw;
            }
            finally
            {
                slots.Release();
            }
        }
    }

    /// <summary>What went wrong with the run matters more than that it could not be recorded, which often has the same cause; that is added to it.</summary>
    static async Task RecordFailedAsync(RunRecorder recorder, RunRecord record, Exception failure, CancellationToken cancellationToken)
    {
        try
        {
            await recorder.RecordAsync(record, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            failure.Data["olist.lineage"] = $"The failed run could not be recorded: {exception.Message}";
        }
    }
}
