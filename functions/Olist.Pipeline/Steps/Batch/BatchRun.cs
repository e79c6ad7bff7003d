using Olist.Pipeline.Steps.Lineage;

namespace Olist.Pipeline.Steps.Batch;

/// <summary>One run of the batch layer inside this process: each step as soon as it is known what its sources will be, two or more at a time, those of the longest chain first.</summary>
/// <remarks>A step computes from what those before it are about to publish, while that is on its way to the disk, and publishes after them: the order of the commits is that of steps one after the other.
/// When a table turns out otherwise (somebody else committed to it at that moment), what was computed from it is dropped and computed again.</remarks>
public static class BatchRun
{
    /// <summary>Steps at a time that keep this machine busy while some of them wait for the disk or an object store. Each holds what it takes in and writes, so they are not more.</summary>
    public static int Parallelism { get; } = Math.Clamp((2 * Environment.ProcessorCount) + 1, 3, 8);

    /// <summary>Runs all steps and records what they did; a run that fails is recorded too, before its error goes on.</summary>
    /// <returns>The results, in the order of <see cref="BatchPlan.Steps"/>.</returns>
    public static Task<IReadOnlyList<StepResult>> RunAsync(BatchContext context, int parallelism, CancellationToken cancellationToken)
    {
        // All of it on these threads: what hands over from step to step would else wait for a processor behind them.
        var threads = new StepThreads(Environment.ProcessorCount);
        return threads.RunAsync(int.MaxValue, () => RunAsync(context, parallelism, threads, cancellationToken));
    }

    static async Task<IReadOnlyList<StepResult>> RunAsync(BatchContext context, int parallelism, StepThreads threads, CancellationToken cancellationToken)
    {
        var startedAt = context.Time.GetUtcNow();
        var recorder = new RunRecorder(context.Lake);
        var failures = new List<StepFailure>();
        var slots = new StepSlots(parallelism);
        var running = new Dictionary<string, RunningStep>();
        foreach (var step in BatchPlan.Steps)
        {
            var before = new StepsBefore([.. BatchPlan.Prerequisites(step).Select(target => running[target])]);
            running.Add(step.Target, new RunningStep(run => RunStepAsync(step, before, run)));
        }
        var watermarks = threads.RunAsync(urgency: -1, () => new RunWatermarks(context, running).PublishAsync(LookUpWatermarksAsync, cancellationToken));
        try
        {
            var results = await Task.WhenAll(running.Values.Select(step => step.Done));
            // Beside each other: what goes on inline here would hold up the other.
            var record = Record();
            await Task.WhenAll(watermarks, threads.RunAsync(urgency: 0, () => recorder.RecordAsync(record, cancellationToken)));
            return results;
        }
        catch (Exception failure) when (failures.Count > 0)
        {
            await RecordFailedAsync(recorder, Record(), failure, cancellationToken);
            throw;
        }
        finally
        {
            await watermarks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // nothing of a run goes on after it
        }

        RunRecord Record() => new(context.RunId, "command", startedAt, context.Time.GetUtcNow(),
            [.. running.Values.Where(step => step.Done.IsCompletedSuccessfully).Select(step => step.Done.Result)], failures);

        async Task<StepResult> RunStepAsync(BatchStep step, StepsBefore before, RunningStep run)
        {
            var pinned = await before.ForeseeAsync(context);
            await slots.TakeAsync(BatchPlan.Urgency(step), cancellationToken);
            var holds = true;
            var begun = context.Time.GetUtcNow();
            try
            {
                try
                {
                    return await RunAsync();
                }
                catch (Exception) when (pinned.Ahead.Count > 0 && !cancellationToken.IsCancellationRequested)
                {
                    // Whatever it was, it may be because something came otherwise, or was changed by others since: once more, from what is there then.
                }
                pinned = await before.FinishAsync(context); // what failed before this is told by those who failed
                return await RunAsync();
            }
            catch (Exception exception) when (exception is not OperationCanceledException && before.HaveSucceeded)
            {
                lock (failures) failures.Add(new StepFailure(step.Target, exception.Message, begun, context.Time.GetUtcNow(), pinned.Pins));
                throw;
            }
            finally
            {
                ReleaseOnce();
            }

            // What is left for it then is to wait for the disk.
            void Foresee(Foreseen foreseen)
            {
                run.Foresee(foreseen);
                ReleaseOnce();
            }

            void ReleaseOnce()
            {
                if (Interlocked.Exchange(ref holds, false)) slots.Release();
            }

            Task<StepResult> RunAsync() => threads.RunAsync(BatchPlan.Urgency(step), () => step.RunAsync(pinned with { OnTaking = run.Take, OnForeseen = Foresee }, cancellationToken));
        }

        // When the last steps leave a slot free.
        async Task<WatermarkTable.Stored> LookUpWatermarksAsync()
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
