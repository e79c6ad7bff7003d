using Olist.Lake;

namespace Olist.Pipeline.Steps.Batch;

/// <summary>What a step is about to leave, before that is on the disk.</summary>
/// <param name="Table">Its target with the commit that is being published.</param>
/// <param name="Result">What the step will say, but for its times.</param>
sealed record Foreseen(LakeTable Table, StepResult Result);

/// <summary>A step of a run, for what waits for it: what it takes in and what its target will be, as soon as that is known, and what it was at the end.</summary>
sealed class RunningStep
{
    readonly TaskCompletionSource<IReadOnlyList<SourceRange>?> _taking = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<Foreseen?> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile Foreseen? _last;

    /// <param name="run">Runs it, and tells <see cref="Take"/> and <see cref="Foresee"/>.</param>
    public RunningStep(Func<RunningStep, Task<StepResult>> run) => Done = RunAsync(run);

    public Task<StepResult> Done { get; }

    /// <summary>What it foresaw first; <see langword="null"/> when it is over, and foresaw nothing.</summary>
    public Task<Foreseen?> FirstForeseen => _first.Task;

    public void Take(IReadOnlyList<SourceRange> sources) => _taking.TrySetResult(sources);

    /// <summary>Each time that it tries to commit; the last comes true unless the step fails or finds that there is nothing to commit.</summary>
    public void Foresee(Foreseen foreseen)
    {
        _last = foreseen;
        _first.TrySetResult(foreseen);
    }

    /// <summary>What it is about to take in, or took. Fails as the step does when it has not come that far.</summary>
    public async Task<IReadOnlyList<SourceRange>> TakingAsync() => await _taking.Task ?? (await Done).Sources;

    /// <summary>Whether it took in what it was about to. Fails as the step does.</summary>
    public async Task<bool> TookAsync(IReadOnlyList<SourceRange> sources) =>
        (await Done).Sources.Select(source => (source.Table, source.ToSnapshotId)).SequenceEqual(sources.Select(source => (source.Table, source.ToSnapshotId)));

    /// <summary>Whether what somebody went on from came true. Fails as the step does.</summary>
    public async Task<bool> CameTrueAsync(Foreseen foreseen) => (await Done).Committed && ReferenceEquals(foreseen, _last);

    async Task<StepResult> RunAsync(Func<RunningStep, Task<StepResult>> run)
    {
        try
        {
            return await run(this);
        }
        finally
        {
            _taking.TrySetResult(null);
            _first.TrySetResult(null);
        }
    }
}
