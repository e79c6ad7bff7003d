using Olist.Lake;

namespace Olist.Pipeline.Steps.Batch;

/// <summary>The steps that one waits for. It may go on from what they foresee, and publish when that came true.</summary>
/// <remarks>Between the two lies their waiting for the disk. The order of the commits stays that of steps one after the other, so a crash leaves nothing that stands on what is not there.</remarks>
sealed class StepsBefore(IReadOnlyList<RunningStep> steps)
{
    /// <summary>Whether all are over, and none failed.</summary>
    public bool HaveSucceeded => steps.All(step => step.Done.IsCompletedSuccessfully);

    /// <summary>The context in which a step computes from what they say, or will say.</summary>
    public async Task<BatchContext> ForeseeAsync(BatchContext context)
    {
        var (results, ahead, coming) = (new List<StepResult>(), new Dictionary<string, LakeTable>(), new List<Task<bool>>());
        foreach (var step in steps)
        {
            if (await step.FirstForeseen is not { } foreseen)
            {
                results.Add(await step.Done);
                continue;
            }
            results.Add(foreseen.Result);
            ahead.Add(foreseen.Result.Target, foreseen.Table);
            coming.Add(step.CameTrueAsync(foreseen));
        }
        return context with { Pins = BatchPlan.PinsAfter(context.Pins, results), Ahead = ahead, PublishAfter = RequireAsync(coming) };
    }

    /// <summary>The context in which it computes from what they said at the end.</summary>
    public async Task<BatchContext> FinishAsync(BatchContext context) =>
        context with { Pins = BatchPlan.PinsAfter(context.Pins, await Task.WhenAll(steps.Select(step => step.Done))) };

    /// <summary>Fails as they do, or when something came otherwise.</summary>
    static async Task RequireAsync(List<Task<bool>> coming)
    {
        if (!Array.TrueForAll(await Task.WhenAll(coming), cameTrue => cameTrue)) throw new UnforeseenException();
    }
}
