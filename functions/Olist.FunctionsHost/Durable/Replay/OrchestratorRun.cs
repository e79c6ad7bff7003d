using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.DurableTask.Entities;
using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.Durable.Replay;

/// <summary>
/// One replay of one orchestrator: goes through the history, then the new events, and finds out what the code asks for next.
/// Used once, on one thread.
/// </summary>
sealed partial class OrchestratorRun : TaskOrchestrationContext
{
    readonly Instance _instance;
    readonly IReadOnlyList<HistoryEvent> _newEvents;
    readonly DataConverter _data;
    readonly OrchestratorThread _thread;
    readonly int _maxActions;
    readonly SortedDictionary<int, OrchestratorAction> _unrecorded = [];
    readonly Dictionary<int, TaskCompletionSource<string?>> _open = [];
    readonly ExternalEvents _events = new();
    Func<OrchestratorRun, Task<object?>>? _code;
    Task<object?>? _task;
    string? _input;
    string? _customStatus;
    (string? Input, bool KeepsEvents, string? Version)? _continueAsNew;
    DateTime _now;
    bool _isReplaying;
    int _nextTaskId;
    int _guids;
    int _position;

    public OrchestratorRun(Instance instance, IReadOnlyList<HistoryEvent> newEvents, DataConverter data, ILoggerFactory loggers, int maxActions, Action onForeignContinuation)
    {
        (_instance, _newEvents, _data, LoggerFactory, _maxActions) = (instance, newEvents, data, loggers, maxActions);
        _thread = new OrchestratorThread(onForeignContinuation);
        _customStatus = instance.CustomStatus;
    }

    protected override ILoggerFactory LoggerFactory { get; }

    /// <summary>Input as JSON, known once the code runs.</summary>
    public string? RawInput => _input;

    /// <param name="code">Starts the orchestrator function.</param>
    public RunOutcome Execute(Func<OrchestratorRun, Task<object?>> code)
    {
        _code = code;
        NonDeterministicOrchestrationException? changed = null;
        _thread.Run(() =>
        {
            try
            {
                _isReplaying = true;
                foreach (var happened in _instance.History) Process(happened);
                _isReplaying = false;
                foreach (var happened in _newEvents) Process(happened);
            }
            catch (NonDeterministicOrchestrationException error)
            {
                changed = error;
            }
        });
        return changed is null ? Conclude() : Fail(changed);
    }

    RunOutcome Conclude()
    {
        if (_newEvents.Any(happened => happened.Kind == HistoryKind.IllegalAwait)) return Fail(IllegalAwait());
        if (_unrecorded.Count > _maxActions)
            return Fail(new InvalidOperationException($"The orchestrator asked for {_unrecorded.Count} things in one step; the limit is {_maxActions} (extensions.durableTask.maxOrchestrationActions)."));
        var actions = _unrecorded.Values.Select(action => action.Recorded).ToList();
        var isDone = _task is { IsCompleted: true };
        if (isDone && _task!.IsCompletedSuccessfully && _continueAsNew is { } next)
            return new RunOutcome(OrchestrationRuntimeStatus.Running, actions, null, null, null,
                new NewExecution(next.Input, next.Version, next.KeepsEvents ? [.. _events.Unread] : []));
        // As officially: a finished orchestrator is complete when all that it started is.
        if (isDone && _open.Count == 0)
            return _task!.IsCompletedSuccessfully
                ? new RunOutcome(OrchestrationRuntimeStatus.Completed, actions, _data.Serialize(_task.Result), _customStatus, null, null)
                : Fail(_task.Exception?.InnerException ?? new TaskCanceledException(_task), actions);
        if (!isDone && _task is not null && _open.Count == 0 && !_events.HasWaiters) return Fail(IllegalAwait());
        return new RunOutcome(OrchestrationRuntimeStatus.Running, actions, null, _customStatus, null, null);
    }

    InvalidOperationException IllegalAwait() => new(
        $"Orchestrator '{_instance.Name}' made an invalid asynchronous invocation: it awaited something that is not a durable task of its context "
        + "(Task.Delay, Task.Run, I/O, ConfigureAwait(false), ...). Await only tasks of the TaskOrchestrationContext, and move the rest into activities.");

    RunOutcome Fail(Exception error, List<HistoryEvent>? actions = null) =>
        new(OrchestrationRuntimeStatus.Failed, actions ?? [], null, _customStatus, TaskFailureDetails.FromException(error), null) { Error = error };

    void Process(HistoryEvent happened)
    {
        _position++;
        switch (happened.Kind)
        {
            case HistoryKind.OrchestratorStarted:
                CheckAllRecorded();
                _now = happened.At;
                break;
            case HistoryKind.ExecutionStarted when _task is null:
                _input = happened.Data;
                _task = Start();
                _thread.Drain();
                break;
            case HistoryKind.TaskScheduled or HistoryKind.TimerCreated or HistoryKind.SubOrchestrationCreated or HistoryKind.EventSent
                or HistoryKind.EntityCalled or HistoryKind.EntitySignaled or HistoryKind.EntitiesLockAsked or HistoryKind.EntitiesUnlocked:
                MatchRecorded(happened);
                break;
            case HistoryKind.TaskCompleted or HistoryKind.SubOrchestrationCompleted or HistoryKind.TimerFired or HistoryKind.EntityAnswered or HistoryKind.EntitiesLocked:
                if (_open.Remove(happened.TaskId, out var completed)) completed.SetResult(happened.Data);
                _thread.Drain();
                break;
            case HistoryKind.TaskFailed or HistoryKind.SubOrchestrationFailed:
                if (_open.Remove(happened.TaskId, out var failed))
                    failed.SetException(new TaskFailedException(happened.Name ?? "", happened.TaskId,
                        happened.Failure ?? new TaskFailureDetails(typeof(Exception).FullName!, "unknown", null, null, null)));
                _thread.Drain();
                break;
            case HistoryKind.EntityFailed:
                if (_open.Remove(happened.TaskId, out var refused))
                    refused.SetException(new EntityOperationFailedException(EntityInstanceId.FromString(happened.Target!), happened.Name!, happened.Failure!)); // Recorded with all three.
                _thread.Drain();
                break;
            case HistoryKind.EventRaised:
                _events.Raise(happened);
                _thread.Drain();
                break;
        }
    }

    Task<object?> Start()
    {
        try
        {
            return _code!(this); // Set by Execute.
        }
#pragma warning disable CA1031 // The function's own failure, as if it had come from its task.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Task.FromException<object?>(error);
        }
    }

    void MatchRecorded(HistoryEvent recorded)
    {
        if (!_unrecorded.Remove(recorded.TaskId, out var asked))
            throw Changed($"its history holds {OrchestratorAction.Describe(recorded)} as call #{recorded.TaskId}, and the code did not ask for it");
        if (asked.Recorded.Kind != recorded.Kind || !string.Equals(asked.Recorded.Name, recorded.Name, StringComparison.OrdinalIgnoreCase))
            throw Changed($"its history holds {OrchestratorAction.Describe(recorded)} as call #{recorded.TaskId}, and the code asked for {asked}");
    }

    void CheckAllRecorded()
    {
        if (_unrecorded.Count > 0) throw Changed($"the code asked for {_unrecorded.First().Value} as call #{_unrecorded.First().Key}, and its history does not hold that");
    }

    NonDeterministicOrchestrationException Changed(string what) => new(
        $"Orchestrator '{_instance.Name}' of instance '{_instance.Id}' is not deterministic: at event {_position} of its history, {what}. "
        + "Either its code was changed while the instance ran (let such instances end first, or give the new code another name), or it depends on time, chance or I/O outside of the context.");

    TaskCompletionSource<string?> Ask(HistoryEvent recorded, bool opens)
    {
        _unrecorded.Add(recorded.TaskId, new OrchestratorAction(recorded));
        var open = new TaskCompletionSource<string?>();
        if (opens) _open.Add(recorded.TaskId, open);
        return open;
    }

    /// <summary>Every use of the context goes through here: it is for the orchestrator's own thread.</summary>
    void CheckThread()
    {
        if (!_thread.IsHere) throw IllegalAwait();
    }
}
