using Olist.Lake;

namespace Olist.Pipeline.Steps.Batch;

/// <summary>The steps that one waits for. It may go on from what they foresee, and publish when that came true.</summary>
/// <remarks>Between the two lies their waiting for the disk. The order of the commits stays that of steps one after the other, so a crash leaves nothing that stands on what is not there.</remarks>
sealed class StepsBefore(IReadOnlyList<RunningStep> steps)
{
    List<(RunningStep Step, Foreseen Foreseen)> _foreseen = [];

    /// <summary>Whether anything that was gone on from is yet to come.</summary>
    public bool IsAhead => _foreseen.Count > 0;

    /// <summary>Whether all are over, and none failed.</summary>
    public bool HaveSucceeded => steps.All(step => step.Done.IsCompletedSuccessfully);

    /// <summary>What the steps say, or will say: to be called once, first.</summary>
    public async Task<StepResult[]> ForeseeAsync()
    {
        var results = new StepResult[steps.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var foreseen = await steps[i].FirstForeseen;
            if (foreseen is not null) _foreseen.Add((steps[i], foreseen));
            results[i] = foreseen?.Result ?? await steps[i].Done;
        }
        return results;
    }

    /// <summary>What they said at the end.</summary>
    public async Task<StepResult[]> FinishAsync()
    {
        var results = await Task.WhenAll(steps.Select(step => step.Done));
        _foreseen = [];
        return results;
    }

    /// <summary>The context in which a step computes from these results.</summary>
    public BatchContext Pin(BatchContext context, IEnumerable<StepResult> results) => context with
    {
        Pins = BatchPlan.PinsAfter(context.Pins, results),
        Ahead = _foreseen.ToDictionary(pair => pair.Foreseen.Result.Target, pair => pair.Foreseen.Table),
        PublishAfter = IsAhead ? RequireAsync() : Task.CompletedTask,
    };

    /// <summary>Fails as they do, or when something came otherwise.</summary>
    async Task RequireAsync()
    {
        var came = await Task.WhenAll(_foreseen.Select(pair => pair.Step.CameTrueAsync(pair.Foreseen)));
        if (!Array.TrueForAll(came, isTrue => isTrue)) throw new UnforeseenException();
    }
}
