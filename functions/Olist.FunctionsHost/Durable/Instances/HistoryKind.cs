namespace Olist.FunctionsHost.Durable.Instances;

/// <summary>What happened in an orchestration. The numbers are on disk: never change one, only add.</summary>
enum HistoryKind : byte
{
    OrchestratorStarted = 1,
    ExecutionStarted = 2,
    ExecutionCompleted = 3,
    ExecutionTerminated = 4,
    ExecutionSuspended = 5,
    ExecutionResumed = 6,
    TaskScheduled = 7,
    TaskCompleted = 8,
    TaskFailed = 9,
    SubOrchestrationCreated = 10,
    SubOrchestrationCompleted = 11,
    SubOrchestrationFailed = 12,
    TimerCreated = 13,
    TimerFired = 14,
    EventRaised = 15,
    EventSent = 16,

    /// <summary>The engine saw the orchestrator go on outside of its thread; the next step fails it. Never replayed.</summary>
    IllegalAwait = 17,

    EntityCalled = 18,
    EntityAnswered = 19,
    EntityFailed = 20,
    EntitySignaled = 21,
    EntitiesLockAsked = 22,
    EntitiesLocked = 23,
    EntitiesUnlocked = 24,
}
