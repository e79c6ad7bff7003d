using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Durable.Entities;
using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.Durable.Replay;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Invocation;

namespace Olist.FunctionsHost.Durable.Engine;

/// <summary>Steps: take what waits for an instance, replay, make it durable, then let it have its effects.</summary>
sealed partial class DurableEngine
{
    void Wake(Instance instance)
    {
        lock (_store.Gate)
        {
            if (!_running || instance.IsActive || instance.Inbox.Count == 0) return;
            instance.IsActive = true;
            _work++;
        }
        _steps.Add(() => StepAsync(instance));
    }

    /// <summary>The replay counts against <c>maxConcurrentOrchestratorFunctions</c>; waiting for the disk does not.</summary>
    async Task StepAsync(Instance instance)
    {
        try
        {
            var taken = Take(instance);
            if (taken.Count == 0) return;
            var step = await DecideAsync(instance, taken);
            if (step is null) return;
            _faults.At(DurablePoint.BeforeStepIsAppended, instance.Id);
            if (Commit(instance, taken, step) is not { } committed)
            {
                LeaveWork();
                return;
            }
            _faults.At(DurablePoint.AfterStepIsAppended, instance.Id);
            _instruments.OnStep();
            _ = FinishStepAsync(instance, committed.Step, committed.Position);
        }
#pragma warning disable CA1031 // Whatever it is, no further step may rest on this one.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LeaveWork();
            Die(error);
        }
    }

    async Task FinishStepAsync(Instance instance, StepRecord step, long position)
    {
        try
        {
            await Log.WhenDurable(position);
            _faults.At(DurablePoint.AfterStepIsDurable, instance.Id);
            TaskCompletionSource? waiters;
            bool more;
            lock (_store.Gate)
            {
                (waiters, instance.StatusChange) = (instance.StatusChange, null);
                instance.IsActive = false;
                more = instance.Inbox.Count > 0 && !instance.IsFinished;
            }
            waiters?.TrySetResult();
            if (!step.RestartsHistory) Dispatch(instance, step.Generation, step.Events);
            foreach (var child in step.Children) Begin(child.InstanceId, child.StartAt);
            foreach (var sent in step.Sent) WakeById(sent.InstanceId);
            if (step.EntitySent.Count > 0) WakeEntities(step.EntitySent);
            if (more) Wake(instance);
            MaybeCheckpoint();
        }
#pragma warning disable CA1031 // Whatever it is, no further step may rest on this one.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Die(error);
        }
        finally
        {
            LeaveWork();
        }
    }

    /// <summary>What the instance can take in now; none ends its turn.</summary>
    List<InboxMessage> Take(Instance instance)
    {
        var taken = new List<InboxMessage>();
        lock (_store.Gate)
        {
            if (_running)
            {
                var mayStart = instance.History.Count > 0 || instance.StartAt <= Now;
                var isSuspended = instance.Status == OrchestrationRuntimeStatus.Suspended;
                foreach (var message in instance.Inbox)
                {
                    if (message.Generation >= 0 && message.Generation != instance.Generation) continue;
                    var kind = message.Event.Kind;
                    if (kind == HistoryKind.ExecutionTerminated || (mayStart && (!isSuspended || kind == HistoryKind.ExecutionResumed))) taken.Add(message);
                    if (kind == HistoryKind.ExecutionSuspended) isSuspended = true;
                    else if (kind == HistoryKind.ExecutionResumed) isSuspended = false;
                }
                instance.Inbox.RemoveAll(message => message.Generation >= 0 && message.Generation != instance.Generation);
            }
            if (taken.Count == 0)
            {
                instance.IsActive = false;
                if (--_work == 0) _idle?.TrySetResult();
            }
        }
        return taken;
    }

    async ValueTask<RunOutcome?> DecideAsync(Instance instance, List<InboxMessage> taken)
    {
        var now = Now;
        var events = new List<HistoryEvent>(taken.Count + 1) { new(HistoryKind.OrchestratorStarted, now) };
        events.AddRange(taken.Select(message => message.Event));
        if (events.FirstOrDefault(happened => happened.Kind == HistoryKind.ExecutionTerminated) is { } terminated)
            return new RunOutcome(OrchestrationRuntimeStatus.Terminated, events, terminated.Data, instance.CustomStatus, null, null);
        var status = instance.Status;
        foreach (var happened in events)
            status = happened.Kind switch
            {
                HistoryKind.ExecutionSuspended => OrchestrationRuntimeStatus.Suspended,
                HistoryKind.ExecutionResumed => OrchestrationRuntimeStatus.Running,
                _ => status,
            };
        if (status == OrchestrationRuntimeStatus.Suspended && events.All(e => e.Kind is HistoryKind.OrchestratorStarted or HistoryKind.ExecutionSuspended or HistoryKind.ExecutionResumed))
            return new RunOutcome(status, events, null, instance.CustomStatus, null, null);
        if (_functions.Orchestrator(instance.Name) is not { } function)
        {
            LogMissing(_logger, instance.Id, instance.Name, string.Join(", ", _functions.OrchestratorNames));
            Rest(instance);
            return null;
        }
        if (await ReplayAsync(function, instance, events) is not { } outcome)
        {
            Rest(instance);
            return null;
        }
        return outcome with
        {
            Status = outcome.Status == OrchestrationRuntimeStatus.Running ? (status == OrchestrationRuntimeStatus.Suspended ? status : OrchestrationRuntimeStatus.Running) : outcome.Status,
            Actions = [.. events.Where(happened => happened.Kind != HistoryKind.IllegalAwait), .. outcome.Actions],
        };
    }

    /// <summary>No step is made of what it has taken; that waits for another message, or for the next start.</summary>
    void Rest(Instance instance)
    {
        lock (_store.Gate)
        {
            instance.IsActive = false;
            if (--_work == 0) _idle?.TrySetResult();
        }
    }

    /// <returns>Null when the host stopped in the middle.</returns>
    async ValueTask<RunOutcome?> ReplayAsync(FunctionEntry function, Instance instance, List<HistoryEvent> events)
    {
        var generation = instance.Generation;
        var run = new OrchestratorRun(instance, events, _data, _loggers, _settings.MaxOrchestrationActions,
            () => Deliver(instance, generation, new HistoryEvent(HistoryKind.IllegalAwait, Now)));
        try
        {
            var outcome = (RunOutcome)(await _invoker.InvokeAsync(function, run, new ActivityMetadata(instance.Id)))!; // The executor always leaves an outcome.
            return outcome.Error is { } error && _stop.Explains(error) ? null : outcome;
        }
        catch (HostStoppedException)
        {
            return null;
        }
#pragma warning disable CA1031 // Middleware failed: the orchestration fails with it, durably.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new RunOutcome(OrchestrationRuntimeStatus.Failed, [], null, instance.CustomStatus, TaskFailureDetails.FromException(error), null);
        }
    }

    (StepRecord Step, long Position)? Commit(Instance instance, List<InboxMessage> taken, RunOutcome outcome)
    {
        var now = Now;
        lock (_store.Gate)
        {
            ObjectDisposedException.ThrowIf(_dead, this);
            if (_store.Find(instance.Id) != instance) return null; // Replaced by a new instance of the same id meanwhile.
            var children = new List<CreateRecord>();
            var sent = new List<MessageRecord>();
            var entitySent = new List<EntityMessageRecord>();
            foreach (var asked in outcome.Actions)
            {
                if (asked.Kind == HistoryKind.SubOrchestrationCreated) CreateChild(instance, asked, now, children, sent);
                else if (asked.Kind == HistoryKind.EventSent && _store.Find(asked.Target!) is { IsFinished: false }) // A sent event has a receiver.
                    sent.Add(new MessageRecord(asked.Target!, new InboxMessage(_store.NewMessageId(), -1, new HistoryEvent(HistoryKind.EventRaised, now, -1, asked.Name, asked.Data))));
                else if (asked.Kind is HistoryKind.EntityCalled or HistoryKind.EntitySignaled or HistoryKind.EntitiesLockAsked or HistoryKind.EntitiesUnlocked) SendToEntities(instance, asked, now, entitySent);
            }
            var isFinished = outcome.Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
            if (isFinished || outcome.ContinueAsNew is not null) ReleaseLocks(instance, instance.History.Concat(outcome.Actions), now, entitySent);
            if (isFinished && instance.Parent is { } parent) sent.Add(new MessageRecord(parent.InstanceId, AnswerParent(instance, parent, outcome, now)));
            if (outcome.Status == OrchestrationRuntimeStatus.Terminated && taken.Any(message => message.Event is { Kind: HistoryKind.ExecutionTerminated, Name: "recursive" }))
                TerminateChildren(instance, now, sent);
            var events = outcome.Actions;
            string? input = null;
            if (outcome.ContinueAsNew is { } next)
            {
                input = next.Input;
                events = [new HistoryEvent(HistoryKind.ExecutionStarted, now, -1, instance.Name, next.Input, next.Version ?? instance.Version), .. next.Events];
            }
            else if (isFinished) events = [.. events, new HistoryEvent(HistoryKind.ExecutionCompleted, now, -1, outcome.Status.ToString(), outcome.Output, Failure: outcome.Failure)];
            for (var i = 0; outcome.ContinueAsNew is not null && i < events.Count; i++) _store.NewMessageId();
            var step = new StepRecord(
                instance.Id, outcome.ContinueAsNew is null ? instance.Generation : instance.Generation + 1, now,
                [.. taken.Where(message => message.Id != 0).Select(message => message.Id)], events, outcome.ContinueAsNew is not null,
                outcome.ContinueAsNew?.Version ?? instance.Version, input, outcome.Status, outcome.Output, outcome.CustomStatus, outcome.Failure, children, sent, _store.NewMessageId()) { EntitySent = entitySent };
            var gone = new HashSet<InboxMessage>(taken, ReferenceEqualityComparer.Instance);
            instance.Inbox.RemoveAll(message => message.Id == 0 && gone.Contains(message));
            return (step, _store.Commit(step));
        }
    }

    void CreateChild(Instance parent, HistoryEvent asked, DateTime now, List<CreateRecord> children, List<MessageRecord> sent)
    {
        var id = asked.Target!; // A created sub-orchestration has an id.
        var problem = _functions.Orchestrator(asked.Name!) is null // And a name.
            ? $"There is no orchestrator '{asked.Name}'; known are: {string.Join(", ", _functions.OrchestratorNames)}."
            : _store.Find(id) is { IsFinished: false } || children.Any(child => child.InstanceId == id) ? $"An instance '{id}' is still running; give the sub-orchestration another id." : null;
        if (problem is null)
        {
            children.Add(new CreateRecord(id, asked.Name!, "", asked.Data, now, now, new ParentLink(parent.Id, parent.Name, asked.TaskId, parent.Generation),
                System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty, _store.NewMessageId()));
            return;
        }
        var failure = new TaskFailureDetails(typeof(InvalidOperationException).FullName!, problem, null, null, null) { IsNonRetriable = true };
        sent.Add(new MessageRecord(parent.Id, new InboxMessage(_store.NewMessageId(), parent.Generation,
            new HistoryEvent(HistoryKind.SubOrchestrationFailed, now, asked.TaskId, asked.Name, Failure: failure))));
    }

    InboxMessage AnswerParent(Instance instance, ParentLink parent, RunOutcome outcome, DateTime now)
    {
        var answer = outcome.Status == OrchestrationRuntimeStatus.Completed
            ? new HistoryEvent(HistoryKind.SubOrchestrationCompleted, now, parent.TaskId, instance.Name, outcome.Output)
            : new HistoryEvent(HistoryKind.SubOrchestrationFailed, now, parent.TaskId, instance.Name, Failure: outcome.Failure
                ?? new TaskFailureDetails(typeof(OperationCanceledException).FullName!, $"Sub-orchestration '{instance.Id}' was terminated.", null, null, null));
        return new InboxMessage(_store.NewMessageId(), parent.Generation, answer);
    }

    void TerminateChildren(Instance instance, DateTime now, List<MessageRecord> sent)
    {
        foreach (var created in instance.History.Where(happened => happened.Kind == HistoryKind.SubOrchestrationCreated))
            if (_store.Find(created.Target!) is { IsFinished: false } child && child.Parent?.InstanceId == instance.Id) // A created sub-orchestration has an id.
                sent.Add(new MessageRecord(child.Id, new InboxMessage(_store.NewMessageId(), -1, new HistoryEvent(HistoryKind.ExecutionTerminated, now, -1, "recursive"))));
    }

    /// <summary>Begins what a durable step asked for.</summary>
    void Dispatch(Instance instance, int generation, IReadOnlyList<HistoryEvent> events)
    {
        if (instance.IsFinished) return;
        foreach (var asked in events)
        {
            if (asked.Kind == HistoryKind.TaskScheduled)
            {
                if (!EnterWorkIfRunning()) return; // Revived at the next start.
                _activities.Add(() => RunActivityAsync(instance, generation, asked));
            }
            else if (asked.Kind == HistoryKind.TimerCreated) _timers.Add(asked.FireAt, () => FireTimer(instance, generation, asked.TaskId));
        }
    }

    void FireTimer(Instance instance, int generation, int taskId)
    {
        try
        {
            if (!IsDead) _faults.At(DurablePoint.BeforeTimerFires, instance.Id);
        }
#pragma warning disable CA1031 // Only the test seam throws here.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Die(error);
        }
        Deliver(instance, generation, new HistoryEvent(HistoryKind.TimerFired, Now, taskId));
    }

    /// <summary>A message that recovery would make again, so it need not be durable until a step takes it in; while stopping it is kept.</summary>
    void Deliver(Instance instance, int generation, HistoryEvent happened)
    {
        lock (_store.Gate)
        {
            if (_dead || instance.IsFinished || instance.Generation != generation) return;
            if (_running) instance.Inbox.Add(new InboxMessage(0, generation, happened));
            else if (happened.Kind is HistoryKind.TaskCompleted or HistoryKind.TaskFailed)
                _store.Commit(new MessageRecord(instance.Id, new InboxMessage(_store.NewMessageId(), generation, happened)));
        }
        Wake(instance);
    }

    void Begin(string instanceId, DateTime startAt)
    {
        if (startAt > Now) _timers.Add(startAt, () => WakeById(instanceId));
        WakeById(instanceId);
    }

    void WakeById(string instanceId)
    {
        Instance? instance;
        lock (_store.Gate) instance = _store.Find(instanceId);
        if (instance is not null) Wake(instance);
    }

    [LoggerMessage(EventId = 4402, Level = LogLevel.Error, Message = "Instance {InstanceId} waits: there is no orchestrator '{Name}' any more; known are: {Known}")]
    static partial void LogMissing(ILogger logger, string instanceId, string name, string known);
}
