using Olist.FunctionsHost.Durable.Instances;

namespace Olist.FunctionsHost.Durable.Replay;

/// <summary>Something that the orchestrator asked for and that is not in its history yet.</summary>
/// <param name="Recorded">The event that the history gets for it.</param>
sealed record OrchestratorAction(HistoryEvent Recorded)
{
    public override string ToString() => Describe(Recorded);

    public static string Describe(HistoryEvent recorded) => recorded.Kind switch
    {
        HistoryKind.TaskScheduled => $"activity '{recorded.Name}'",
        HistoryKind.SubOrchestrationCreated => $"sub-orchestration '{recorded.Name}'",
        HistoryKind.TimerCreated => "a timer",
        HistoryKind.EventSent => $"sending event '{recorded.Name}' to '{recorded.Target}'",
        HistoryKind.EntityCalled => $"operation '{recorded.Name}' of entity {recorded.Target}",
        HistoryKind.EntitySignaled => $"signal '{recorded.Name}' to entity {recorded.Target}",
        HistoryKind.EntitiesLockAsked => "locking entities",
        HistoryKind.EntitiesUnlocked => "unlocking entities",
        _ => recorded.Kind.ToString(),
    };
}
