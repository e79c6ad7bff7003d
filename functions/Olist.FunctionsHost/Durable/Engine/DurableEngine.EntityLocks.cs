using Olist.FunctionsHost.Durable.Entities;
using Olist.FunctionsHost.Durable.Instances;

namespace Olist.FunctionsHost.Durable.Engine;

/// <summary>
/// Locks: a request goes from entity to entity in the order of their ids, so two can't wait for each other; the last one tells the
/// orchestration. A locked entity takes messages of the owner only.
/// </summary>
sealed partial class DurableEngine
{
    /// <summary>What the entity can do now: operations to run, after locks and unlocks that need no code. Null ends its turn.</summary>
    (IReadOnlyList<EntityMessage> Messages, byte[]? State)? Take(EntityCell cell)
    {
        lock (_store.Gate)
        {
            if (!_running) return null;
            TakeDue(cell);
            while (FirstTakeable(cell) is >= 0 and var first)
            {
                var message = cell.Inbox[first];
                if (message.Kind is EntityMessageKind.Lock or EntityMessageKind.Unlock)
                {
                    _faults.At(DurablePoint.BeforeEntityLockIsAppended, cell.Id);
                    if (message.Kind == EntityMessageKind.Lock) Grant(cell, message);
                    else CommitLock(cell, message, cell.LockedBy == message.Caller ? null : cell.LockedBy, [], []);
                    continue;
                }
                if (first == cell.Inbox.Count - 1) return ([message], cell.State); // Mostly there is one.
                var taken = new List<EntityMessage>();
                for (var i = first; i < cell.Inbox.Count && taken.Count < _settings.MaxEntityBatch; i++)
                {
                    if (!IsTakeable(cell, cell.Inbox[i])) continue;
                    if (cell.Inbox[i].Kind is EntityMessageKind.Lock or EntityMessageKind.Unlock) break;
                    taken.Add(cell.Inbox[i]);
                }
                return (taken, cell.State);
            }
            return null;
        }
    }

    static int FirstTakeable(EntityCell cell)
    {
        for (var i = 0; i < cell.Inbox.Count; i++)
            if (IsTakeable(cell, cell.Inbox[i])) return i;
        return -1;
    }

    static bool IsTakeable(EntityCell cell, EntityMessage message) =>
        cell.LockedBy is not { } owner || message.Kind == EntityMessageKind.Unlock
        || (message.Kind == EntityMessageKind.Call && message.Caller!.InstanceId == owner.InstanceId && message.Caller.Generation == owner.Generation); // A call has a caller.

    /// <summary>Delayed signals whose time has come join the queue.</summary>
    void TakeDue(EntityCell cell)
    {
        if (cell.Delayed is not { Count: > 0 } delayed) return;
        var now = Now.Ticks;
        if (cell.ArmedFor <= now) cell.ArmedFor = long.MaxValue;
        var due = delayed.Where(message => message.DueTicks <= now).OrderBy(message => message.DueTicks).ThenBy(message => message.Id).ToList();
        if (due.Count == 0) return;
        delayed.RemoveAll(message => message.DueTicks <= now);
        cell.Inbox.AddRange(due);
    }

    void Grant(EntityCell cell, EntityMessage request)
    {
        var owner = request.Caller!; // A lock has one.
        var next = request.LockIndex + 1;
        if (!Lives(owner)) CommitLock(cell, request, null, [], []);
        else if (next < request.LockSet!.Count) // And a set.
            CommitLock(cell, request, owner, [], [(request.LockSet[next], request with { LockIndex = next })]);
        else
            CommitLock(cell, request, owner, [(owner, new HistoryEvent(HistoryKind.EntitiesLocked, Now, owner.TaskId))], []);
    }

    /// <summary>Whether the orchestration that asked is still in the same execution.</summary>
    bool Lives(EntityCaller owner) => _store.Find(owner.InstanceId) is { IsFinished: false } instance && instance.Generation == owner.Generation;

    void CommitLock(EntityCell cell, EntityMessage message, EntityCaller? owner, (EntityCaller To, HistoryEvent Event)[] answers, (string Target, EntityMessage Message)[] sent)
    {
        ObjectDisposedException.ThrowIf(_dead, this);
        var sequence = _store.NewMessageId();
        CommitBatch(new EntityBatchRecord(cell.Id, sequence, Now, [message.Id], false, null, owner, [],
            [.. answers.Select(answer => new MessageRecord(answer.To.InstanceId, new InboxMessage(_store.NewMessageId(), answer.To.Generation, answer.Event)))],
            [.. sent.Select(next => new EntityMessageRecord(next.Target, next.Message with { Id = _store.NewMessageId() }))]));
    }

    /// <summary>What an orchestrator asked of entities, as messages for them. Under the gate.</summary>
    void SendToEntities(Instance instance, HistoryEvent asked, DateTime now, List<EntityMessageRecord> sent)
    {
        var caller = new EntityCaller(instance.Id, instance.Generation, asked.TaskId);
        switch (asked.Kind)
        {
            case HistoryKind.EntityCalled:
                Send(asked.Target!, EntityMessageKind.Call, asked.Name!, asked.Data, caller); // A call has a target and a name.
                break;
            case HistoryKind.EntitySignaled:
                Send(asked.Target!, EntityMessageKind.Signal, asked.Name!, asked.Data, null, asked.FireAt > now ? asked.FireAt.Ticks : 0); // So has a signal.
                break;
            case HistoryKind.EntitiesLockAsked:
                var set = LockSet(asked);
                sent.Add(new EntityMessageRecord(set[0], new EntityMessage(_store.NewMessageId(), EntityMessageKind.Lock, "", null, 0, caller, set)));
                break;
            case HistoryKind.EntitiesUnlocked:
                Unlock(instance, asked, LockSet(asked), sent);
                break;
        }

        void Send(string target, EntityMessageKind kind, string operation, string? data, EntityCaller? from, long due = 0) =>
            sent.Add(new EntityMessageRecord(target, new EntityMessage(_store.NewMessageId(), kind, operation, EntityData.Bytes(data), due, from)));
    }

    /// <summary>An orchestration that ends gives back what it holds or waits for. A request that is still on its way finds its owner gone. Under the gate.</summary>
    void ReleaseLocks(Instance instance, IEnumerable<HistoryEvent> history, DateTime now, List<EntityMessageRecord> sent)
    {
        Dictionary<int, HistoryEvent>? held = null;
        foreach (var happened in history)
        {
            if (happened.Kind == HistoryKind.EntitiesLockAsked) (held ??= [])[happened.TaskId] = happened;
            else if (happened.Kind == HistoryKind.EntitiesUnlocked) held?.Remove(LockTask(happened));
        }
        foreach (var asked in held?.Values ?? Enumerable.Empty<HistoryEvent>())
            Unlock(instance, new HistoryEvent(HistoryKind.EntitiesUnlocked, now, -1, null, asked.Data, LockName(asked.TaskId)), LockSet(asked), sent);
    }

    void ReleaseLocksOfReplaced(Instance replaced)
    {
        var sent = new List<EntityMessageRecord>();
        ReleaseLocks(replaced, replaced.History, Now, sent);
        foreach (var unlock in sent) _store.Commit(unlock);
        WakeEntities(sent);
    }

    void Unlock(Instance instance, HistoryEvent unlocked, string[] set, List<EntityMessageRecord> sent)
    {
        foreach (var id in set)
            sent.Add(new EntityMessageRecord(id, new EntityMessage(_store.NewMessageId(), EntityMessageKind.Unlock, "", null, 0, new EntityCaller(instance.Id, instance.Generation, LockTask(unlocked)))));
    }

    // In the history: the entities in Data, one a line, and in an unlock the call that locked in Target.
    static string[] LockSet(HistoryEvent happened) => happened.Data!.Split('\n');

    static string LockName(int taskId) => taskId.ToString(System.Globalization.CultureInfo.InvariantCulture);

    static int LockTask(HistoryEvent unlocked) => int.Parse(unlocked.Target!, System.Globalization.CultureInfo.InvariantCulture);
}
