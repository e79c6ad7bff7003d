using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Durable.Entities;
using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.Durable.Engine;

/// <summary>Batches: take what waits, run the function, commit state, answers and signals as one record.</summary>
sealed partial class DurableEngine
{
    const int BatchesPerTurn = 64;
    const long MaxUnwritten = 64L << 20;

    // Made once: every batch gets them.
    readonly Func<string, bool> _isOrchestrator;
    readonly Func<string> _newInstanceId;
    readonly Func<DateTime> _now;
    int _pumps;
    int _batchesUnderWay;

    /// <summary>One pump per core; more only when those seem to be blocked by what they run.</summary>
    void StartPumps()
    {
        while (!_ready.IsEmpty)
        {
            var pumps = Volatile.Read(ref _pumps);
            if (pumps >= _threads.Cores || Volatile.Read(ref _batchesUnderWay) >= _settings.MaxConcurrentEntities) return;
            if (Interlocked.CompareExchange(ref _pumps, pumps + 1, pumps) != pumps) continue;
            _threads.Queue(static engine => _ = engine.PumpAsync(), this);
        }
    }

    /// <summary>Runs batches; one that has to wait is left to end by itself, so a pump is never held up by asynchronous work.</summary>
    async Task PumpAsync()
    {
        try
        {
            for (var i = 0; i < BatchesPerTurn && Volatile.Read(ref _batchesUnderWay) < _settings.MaxConcurrentEntities; i++)
            {
                if (Log.Position - Log.Durable > MaxUnwritten) await Log.WhenDurable(Log.Position); // Faster than the disk.
                if (!_ready.TryDequeue(out var cell)) break;
                Interlocked.Increment(ref _batchesUnderWay);
                _ = RunEntityAsync(cell);
            }
        }
        catch (FunctionsHostException)
        {
            // The log can't be written any more: whoever waits for it is told.
        }
        finally
        {
            Interlocked.Decrement(ref _pumps);
        }
        if (!IsDead) StartPumps();
    }

    /// <summary>One method, and so one state machine, for all of a batch: there are tens of thousands a second.</summary>
    async Task RunEntityAsync(EntityCell cell)
    {
        var isStopped = false;
        try
        {
            if (!cell.IsLoaded) _store.Entities.Load(cell);
            if (Take(cell) is not { } taken) return;
            _faults.At(DurablePoint.BeforeEntityBatchIsRun, cell.Id);
            var run = new EntityBatchRun(cell.Id, taken.State, taken.Messages, _entityData, _isOrchestrator, _newInstanceId, _now);
            var function = _functions.EntityOf(cell.Id);
            if (function is null)
                run.Fail(new InvalidOperationException($"There is no entity '{EntityIds.NameOf(cell.Id)}'; known are: {string.Join(", ", _functions.EntityNames)}."));
            else
            {
                try
                {
                    await _invoker.InvokeAsync(function, run, new ActivityMetadata(cell.Id));
                    await run.EndAsync();
                }
                // Stopped or timed out in the middle: the batch runs again.
                catch (Exception error) when (_stop.Explains(error))
                {
                    isStopped = true;
                    return;
                }
                catch (FunctionTimeoutException error)
                {
                    LogAgain(function.Logger, error, cell.Id);
                    return;
                }
#pragma warning disable CA1031 // The function's failure is that of all its operations.
                catch (Exception error)
#pragma warning restore CA1031
                {
                    run.Fail(error);
                }
                isStopped = run.Failures.Any(failure => _stop.Explains(failure.Error));
                if (isStopped) return;
            }
            LogFailures(function?.Logger ?? _logger, cell, run);
            _faults.At(DurablePoint.BeforeEntityBatchIsAppended, cell.Id);
            Commit(cell, taken.Messages, run);
            _faults.At(DurablePoint.AfterEntityBatchIsAppended, cell.Id);
            MaybeCheckpoint();
        }
        catch (CorruptStateException error)
        {
            LogUnreadable(_logger, error, cell.Id);
        }
#pragma warning disable CA1031 // Whatever it is, no further batch may rest on this one.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Die(error);
        }
        finally
        {
            Interlocked.Decrement(ref _batchesUnderWay);
            EndTurn(cell, mayGoOn: !isStopped);
        }
    }

    /// <param name="mayGoOn">False: what waits is left for the next start.</param>
    void EndTurn(EntityCell cell, bool mayGoOn)
    {
        lock (_store.Gate)
        {
            cell.IsActive = false;
            if (cell.IsLoaded)
            {
                _store.Entities.Arm(cell);
                if (mayGoOn && cell.Inbox.Count > 0 && FirstTakeable(cell) >= 0) Wake(cell);
            }
            if (--_work == 0) _idle?.TrySetResult();
        }
        StartPumps();
    }

    void Commit(EntityCell cell, IReadOnlyList<EntityMessage> taken, EntityBatchRun run)
    {
        lock (_store.Gate)
        {
            ObjectDisposedException.ThrowIf(_dead, this);
            var now = Now;
            var consumed = new long[run.Done];
            for (var i = 0; i < consumed.Length; i++) consumed[i] = taken[i].Id;
            var sequence = _store.NewMessageId();
            var starts = run.Starts.Count == 0 ? [] : Starts(cell, run.Starts);
            var answers = run.Answers.Count == 0 ? (IReadOnlyList<MessageRecord>)[] : [.. run.Answers.Select(answer =>
                new MessageRecord(answer.Caller.InstanceId, new InboxMessage(_store.NewMessageId(), answer.Caller.Generation, answer.Answer with { At = now })))];
            var sent = run.Signals.Count == 0 ? (IReadOnlyList<EntityMessageRecord>)[] : [.. run.Signals.Select(signal => new EntityMessageRecord(signal.Target,
                new EntityMessage(_store.NewMessageId(), EntityMessageKind.Signal, signal.Operation, signal.Input, DueTicks(signal.At))))];
            var changes = run.State.IsChanged;
            CommitBatch(new EntityBatchRecord(cell.Id, sequence, now, consumed, changes, changes ? run.State.Kept : null, cell.LockedBy, starts, answers, sent));
        }
    }

    /// <summary>Appends, and wakes whom it concerns. Under the gate.</summary>
    void CommitBatch(EntityBatchRecord batch)
    {
        _store.Commit(batch);
        _instruments.OnStep();
        foreach (var message in batch.Sent)
            if (message.Message.DueTicks == 0 && _store.Entities.Find(message.EntityId) is { } target) Wake(target);
        foreach (var start in batch.Starts) Begin(start.InstanceId, start.StartAt);
        foreach (var answer in batch.Answers) WakeById(answer.InstanceId);
    }

    /// <summary>Orchestrations that may begin: one that runs is not replaced.</summary>
    List<CreateRecord> Starts(EntityCell cell, IReadOnlyList<CreateRecord> asked)
    {
        var starts = new List<CreateRecord>(asked.Count);
        foreach (var start in asked)
        {
            if (_store.Find(start.InstanceId) is { IsFinished: false } || starts.Any(other => other.InstanceId == start.InstanceId)) LogNotStarted(_logger, cell.Id, start.InstanceId);
            else starts.Add(start with { MessageId = _store.NewMessageId() });
        }
        return starts;
    }

    static void LogFailures(ILogger logger, EntityCell cell, EntityBatchRun run)
    {
        if (run.Failures.Count == 0) return;
        foreach (var (operation, error) in run.Failures) LogOperationFailed(logger, error, operation, cell.Id);
    }

    [LoggerMessage(EventId = 4412, Level = LogLevel.Error, Message = "Operation {Operation} of entity {EntityId} failed; its effects are undone, and it is not tried again")]
    static partial void LogOperationFailed(ILogger logger, Exception error, string operation, string entityId);

    [LoggerMessage(EventId = 4413, Level = LogLevel.Error, Message = "A batch of entity {EntityId} took too long; it runs again")]
    static partial void LogAgain(ILogger logger, Exception error, string entityId);

    [LoggerMessage(EventId = 4414, Level = LogLevel.Warning, Message = "Entity {EntityId} started orchestration {InstanceId}, which is running already; it was not started again")]
    static partial void LogNotStarted(ILogger logger, string entityId, string instanceId);

    [LoggerMessage(EventId = 4415, Level = LogLevel.Critical, Message = "Entity {EntityId} can't be read; its messages wait")]
    static partial void LogUnreadable(ILogger logger, Exception error, string entityId);
}
