using Olist.Lake;

namespace Olist.Pipeline.Steps.Batch;

/// <summary>What a step is about to leave, before that is on the disk.</summary>
/// <param name="Table">Its target with the commit that is being published.</param>
/// <param name="Result">What the step will say, but for its times.</param>
sealed record Foreseen(LakeTable Table, StepResult Result);

/// <summary>A step of a run, for what waits for it: what its target will be, as soon as that is known, and what it was at the end.</summary>
sealed class RunningStep
{
    readonly TaskCompletionSource<Foreseen?> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile Foreseen? _last;

    /// <param name="run">Runs it, and tells each time what it foresees; the last of them comes true unless the step fails or finds that there is nothing to commit.</param>
    public RunningStep(Func<Action<Foreseen>, Task<StepResult>> run) => Done = RunAsync(run);

    public Task<StepResult> Done { get; }

    /// <summary>What it foresaw first; <see langword="null"/> when it is over, and foresaw nothing.</summary>
    public Task<Foreseen?> FirstForeseen => _first.Task;

    /// <summary>Whether what somebody went on from came true. Fails as the step does.</summary>
    public async Task<bool> CameTrueAsync(Foreseen foreseen) => (await Done).Committed && ReferenceEquals(foreseen, _last);

    async Task<StepResult> RunAsync(Func<Action<Foreseen>, Task<StepResult>> run)
    {
        try
        {
            return await run(foreseen =>
            {
                _last = foreseen;
                _first.TrySetResult(foreseen);
            });
        }
        finally
        {
            _first.TrySetResult(null);
        }
    }
}
