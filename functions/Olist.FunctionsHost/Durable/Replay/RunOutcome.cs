using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;

namespace Olist.FunctionsHost.Durable.Replay;

/// <summary>Where an orchestrator stands after a replay.</summary>
/// <param name="Actions">New events for the history, in the order in which they were asked for.</param>
/// <param name="ContinueAsNew">Null unless the orchestrator starts over.</param>
sealed record RunOutcome(
    OrchestrationRuntimeStatus Status, IReadOnlyList<HistoryEvent> Actions, string? Output, string? CustomStatus, TaskFailureDetails? Failure, NewExecution? ContinueAsNew)
{
    /// <summary>What <see cref="Failure"/> was made of.</summary>
    public Exception? Error { get; init; }
}

/// <summary>The execution that follows a continue-as-new.</summary>
/// <param name="Events">External events that were not awaited yet and go on waiting.</param>
sealed record NewExecution(string? Input, string? Version, IReadOnlyList<HistoryEvent> Events);
