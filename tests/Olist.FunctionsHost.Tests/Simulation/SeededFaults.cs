using Olist.FunctionsHost.Durable;

namespace Olist.FunctionsHost.Tests.Simulation;

/// <summary>What goes wrong at durable points in one life: the process dies at one of them, or the disk gives a bad answer at some.</summary>
sealed class SeededFaults(Random random, SimulationTrace trace, bool hasFaults) : IDurableFaults
{
    static readonly HashSet<DurablePoint> DiskPoints =
    [
        DurablePoint.BeforeLogGroupIsWritten, DurablePoint.AfterLogGroupIsWritten, DurablePoint.CheckpointHasRolled, DurablePoint.CheckpointIsHalfWritten, DurablePoint.CheckpointIsWritten,
        DurablePoint.ManifestIsReplaced, DurablePoint.CheckpointIsPublished, DurablePoint.EntitySegmentIsHalfWritten, DurablePoint.EntitySegmentIsWritten,
        DurablePoint.EntityMergeIsWritten, DurablePoint.EntityMergeIsPublished,
    ];

    readonly bool _badDisk = hasFaults && random.Next(3) == 0;
    int _untilDeath = hasFaults && random.Next(2) == 0 ? random.Next(1, 400) : int.MaxValue;

    public void At(DurablePoint point, string instanceId)
    {
        if (trace.IsKept) trace.Add($"point {point} {instanceId}");
        if (--_untilDeath <= 0) throw new DurableFaultException($"death at {point}");
        // The log is written far more often than all else, and one bad answer of it ends a life.
        if (_badDisk && DiskPoints.Contains(point) && random.Next(point is DurablePoint.BeforeLogGroupIsWritten or DurablePoint.AfterLogGroupIsWritten ? 60 : 12) == 0)
        {
            trace.Add("bad answer of the disk");
            throw new IOException($"the disk's answer at {point}, true or not");
        }
    }
}
