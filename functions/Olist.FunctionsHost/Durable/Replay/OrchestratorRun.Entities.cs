using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Olist.FunctionsHost.Durable.Entities;
using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.DurableTask.Entities;

namespace Olist.FunctionsHost.Durable.Replay;

/// <summary>Entities as an orchestrator sees them.</summary>
sealed partial class OrchestratorRun
{
    OrchestratorEntities? _entities;

    public override TaskOrchestrationEntityFeature Entities => _entities ??= new OrchestratorEntities(this);

    /// <summary>Calls, signals and locks; the rules inside a critical section are the official ones.</summary>
    sealed class OrchestratorEntities(OrchestratorRun run) : TaskOrchestrationEntityFeature
    {
        IReadOnlyList<EntityInstanceId>? _locked;
        HashSet<EntityInstanceId> _free = [];
        HistoryEvent? _lock;
        bool _isWaiting;

        public override async Task<TResult> CallEntityAsync<TResult>(EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null) =>
            run._data.Deserialize<TResult>(await CallAsync(id, operationName, input))!; // Null only if null was returned.

        public override Task CallEntityAsync(EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null) => CallAsync(id, operationName, input);

        public override Task SignalEntityAsync(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null)
        {
            run.CheckThread();
            ArgumentNullException.ThrowIfNull(operationName);
            var target = EntityIds.Check(id);
            if (_locked?.Contains(id) == true) throw new InvalidOperationException($"Must not signal the locked entity {id} from a critical section.");
            var json = run._data.Serialize(input);
            EntityData.CheckInput(EntityData.Bytes(json), target, operationName);
            run.Ask(new HistoryEvent(HistoryKind.EntitySignaled, run._now, run._nextTaskId++, operationName, json, target, options?.SignalTime?.UtcDateTime ?? default), opens: false);
            return Task.CompletedTask;
        }

        public override async Task<IAsyncDisposable> LockEntitiesAsync(IEnumerable<EntityInstanceId> entityIds)
        {
            run.CheckThread();
            ArgumentNullException.ThrowIfNull(entityIds);
            if (_lock is not null) throw new InvalidOperationException("Must not enter another critical section from within a critical section.");
            List<EntityInstanceId> set = [.. entityIds.Distinct().OrderBy(id => id.Name, StringComparer.Ordinal).ThenBy(id => id.Key, StringComparer.Ordinal)];
            if (set.Count == 0) throw new ArgumentException("The list of entities to lock must not be empty.", nameof(entityIds));
            var asked = new HistoryEvent(HistoryKind.EntitiesLockAsked, run._now, run._nextTaskId++, Data: string.Join('\n', set.Select(EntityIds.Check)));
            (_lock, _locked, _free, _isWaiting) = (asked, set, [.. set], true);
            await run.Ask(asked, opens: true).Task;
            _isWaiting = false;
            return new CriticalSection(this, asked);
        }

        public override bool InCriticalSection([NotNullWhen(true)] out IReadOnlyList<EntityInstanceId>? entityIds)
        {
            run.CheckThread();
            entityIds = _locked;
            return _locked is not null;
        }

        async Task<string?> CallAsync(EntityInstanceId id, string operationName, object? input)
        {
            run.CheckThread();
            ArgumentNullException.ThrowIfNull(operationName);
            var target = EntityIds.Check(id);
            var section = _lock;
            if (section is not null) Take(id);
            var json = run._data.Serialize(input);
            EntityData.CheckInput(EntityData.Bytes(json), target, operationName);
            try
            {
                return await run.Ask(new HistoryEvent(HistoryKind.EntityCalled, run._now, run._nextTaskId++, operationName, json, target), opens: true).Task;
            }
            finally
            {
                if (section is not null && section == _lock) _free.Add(id);
            }
        }

        void Take(EntityInstanceId id)
        {
            if (_isWaiting) throw new InvalidOperationException("Must await the completion of the lock request prior to calling any entity.");
            if (_free.Remove(id)) return;
            throw new InvalidOperationException(_locked!.Contains(id) // Set with the lock.
                ? $"Must not call entity {id} from a critical section while a prior call to the same entity is still pending."
                : $"Must not call entity {id} from a critical section if it is not one of the locked entities.");
        }

        void Leave(HistoryEvent section)
        {
            if (_lock != section) return;
            run.CheckThread();
            run.Ask(new HistoryEvent(HistoryKind.EntitiesUnlocked, run._now, run._nextTaskId++, Data: section.Data, Target: section.TaskId.ToString(CultureInfo.InvariantCulture)), opens: false);
            (_lock, _locked, _free) = (null, null, []);
        }

        sealed class CriticalSection(OrchestratorEntities entities, HistoryEvent section) : IAsyncDisposable
        {
            public ValueTask DisposeAsync()
            {
                entities.Leave(section);
                return ValueTask.CompletedTask;
            }
        }
    }
}
