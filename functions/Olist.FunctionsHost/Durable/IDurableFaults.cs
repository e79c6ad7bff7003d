namespace Olist.FunctionsHost.Durable;

/// <summary>Where a crash can come between two durable effects.</summary>
enum DurablePoint
{
    BeforeCreateIsAppended,
    AfterCreateIsDurable,
    BeforeMessageIsAppended,
    AfterMessageIsDurable,
    BeforeStepIsAppended,
    AfterStepIsAppended,
    AfterStepIsDurable,
    BeforeActivity,
    AfterActivity,
    BeforeTimerFires,
    BeforePurgeIsAppended,
    CheckpointHasRolled,
    CheckpointIsHalfWritten,
    CheckpointIsWritten,
    CheckpointIsPublished,
    BeforeEntitySignalIsAppended,
    AfterEntitySignalIsDurable,
    BeforeEntityBatchIsRun,
    BeforeEntityBatchIsAppended,
    AfterEntityBatchIsAppended,
    BeforeEntityLockIsAppended,
    BeforeEntityIsRemoved,
    EntitySegmentIsHalfWritten,
    EntitySegmentIsWritten,
    EntityMergeIsWritten,
    EntityMergeIsPublished,
}

/// <summary>Test seam: called at every durable point. What it throws is the death of the engine: nothing is written or started after it.</summary>
interface IDurableFaults
{
    void At(DurablePoint point, string instanceId);
}

/// <summary>No faults.</summary>
sealed class NoFaults : IDurableFaults
{
    public void At(DurablePoint point, string instanceId) { }
}
