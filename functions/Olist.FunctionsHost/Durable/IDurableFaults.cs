namespace Olist.FunctionsHost.Durable;

/// <summary>Where a crash can come between two durable effects.</summary>
enum DurablePoint
{
    BeforeLogGroupIsWritten,
    AfterLogGroupIsWritten,
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
    ManifestIsReplaced,
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

/// <summary>Test seam: called at every durable point. What it throws is the death of the engine: nothing is written or started after it; an <see cref="IOException"/> is the answer of the disk, true or not.</summary>
interface IDurableFaults
{
    void At(DurablePoint point, string instanceId);
}

/// <summary>No faults.</summary>
sealed class NoFaults : IDurableFaults
{
    public void At(DurablePoint point, string instanceId) { }
}
