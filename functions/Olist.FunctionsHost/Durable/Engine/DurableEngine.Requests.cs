using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.Durable.Engine;

/// <summary>What clients ask for. Everything returns when it is durable.</summary>
sealed partial class DurableEngine
{
    /// <exception cref="ArgumentException">No such orchestrator, or the id is not allowed.</exception>
    /// <exception cref="InvalidOperationException">An instance of that id is in the way.</exception>
    public async Task<string> ScheduleAsync(TaskName name, string? input, StartOrchestrationOptions? options)
    {
        if (_functions.Orchestrator(name.Name) is not { } function)
            throw new ArgumentException($"There is no orchestrator '{name.Name}'; known are: {string.Join(", ", _functions.OrchestratorNames)}.", nameof(name));
        var id = options?.InstanceId ?? _newInstanceId();
        InstanceIds.Check(id);
        var now = Now;
        var startAt = options?.StartAt is { } at && at.UtcDateTime > now ? at.UtcDateTime : now;
        return await GuardAsync(DurablePoint.BeforeCreateIsAppended, DurablePoint.AfterCreateIsDurable, id, () =>
        {
            if (_store.Find(id) is { } existing)
            {
                CheckReplaceable(existing, options);
                if (!existing.IsFinished) ReleaseLocksOfReplaced(existing);
            }
            return _store.Commit(new CreateRecord(id, function.Descriptor.DurableName, options?.Version is { } version ? version.Version : "", input, now, startAt, null,
                options?.Tags ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty, _store.NewMessageId()));
        }, () => Begin(id, startAt));
    }

    void CheckReplaceable(Instance existing, StartOrchestrationOptions? options)
    {
        var blocks = options?.DedupeStatuses is { } statuses
            ? statuses.Contains(existing.Status.ToString(), StringComparer.OrdinalIgnoreCase)
            : !existing.IsFinished && !_settings.OverridesRunningInstances;
        if (blocks)
            throw new InvalidOperationException($"An orchestration '{existing.Id}' already exists and is {existing.Status}; wait for it, terminate it, or start with another id.");
    }

    /// <summary>False when the instance is missing or finished.</summary>
    public async Task<bool> SendAsync(string instanceId, HistoryKind kind, string? name, string? data)
    {
        var found = false;
        await GuardAsync(DurablePoint.BeforeMessageIsAppended, DurablePoint.AfterMessageIsDurable, instanceId, () =>
        {
            if (_store.Find(instanceId) is not { IsFinished: false }) return 0;
            found = true;
            return _store.Commit(new MessageRecord(instanceId, new InboxMessage(_store.NewMessageId(), -1, new HistoryEvent(kind, Now, -1, name, data))));
        }, () => WakeById(instanceId));
        return found;
    }

    /// <summary>How many instances are gone: 0 when it is missing or not finished.</summary>
    public async Task<int> PurgeAsync(string instanceId, bool recursive)
    {
        var count = 0;
        await GuardAsync(DurablePoint.BeforePurgeIsAppended, null, instanceId, () => PurgeTree(instanceId, recursive, ref count), () => { });
        return count;
    }

    long PurgeTree(string instanceId, bool recursive, ref int count)
    {
        if (_store.Find(instanceId) is not { IsFinished: true } instance) return 0;
        var position = _store.Commit(new PurgeRecord(instanceId));
        count++;
        if (recursive)
            foreach (var child in instance.History.Where(happened => happened.Kind == HistoryKind.SubOrchestrationCreated))
                position = Math.Max(position, PurgeTree(child.Target!, true, ref count)); // A created sub-orchestration has an id.
        return position;
    }

    /// <summary>The instance as of its last durable change; null when there is none.</summary>
    public async Task<T?> ReadAsync<T>(string instanceId, Func<Instance, T> read) where T : class
    {
        T? value = null;
        var position = 0L;
        lock (_store.Gate)
        {
            if (_store.Find(instanceId) is { } instance) (value, position) = (read(instance), instance.Position);
        }
        await Log.WhenDurable(position);
        return value;
    }

    /// <summary>Instances in the order of their ids, after a given one.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(Func<Instance, bool> filter, string? afterId, int count, Func<Instance, T> read)
    {
        List<T> values;
        var position = 0L;
        lock (_store.Gate)
        {
            var found = _store.All.Where(instance => (afterId is null || string.CompareOrdinal(instance.Id, afterId) > 0) && filter(instance))
                .OrderBy(instance => instance.Id, StringComparer.Ordinal).Take(count).ToList();
            values = [.. found.Select(read)];
            foreach (var instance in found) position = Math.Max(position, instance.Position);
        }
        await Log.WhenDurable(position);
        return values;
    }

    /// <summary>Waits for a state of the instance; a change of its status wakes the waiter.</summary>
    /// <exception cref="InvalidOperationException">There is no such instance, or it went away meanwhile.</exception>
    public async Task<T> WaitAsync<T>(string instanceId, Func<Instance, bool> until, Func<Instance, T> read, CancellationToken cancellationToken)
    {
        while (true)
        {
            T? value = default;
            var reached = false;
            var position = 0L;
            Task change = Task.CompletedTask;
            lock (_store.Gate)
            {
                var instance = _store.Find(instanceId)
                    ?? throw new InvalidOperationException($"There is no orchestration '{instanceId}'; it was never started here, or it was purged.");
                if (_dead && !until(instance)) throw Stopped();
                if (until(instance)) (reached, value, position) = (true, read(instance), instance.Position);
                else change = (instance.StatusChange ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            if (reached)
            {
                await Log.WhenDurable(position);
                return value!; // Read above.
            }
            await change.WaitAsync(cancellationToken);
        }
    }

    static FunctionsHostException Stopped() => new("The durable engine has stopped; restart the host, and everything goes on from the last durable step.");

    async Task<string> GuardAsync(DurablePoint before, DurablePoint? after, string instanceId, Func<long> commit, Action then)
    {
        long position;
        try
        {
            _faults.At(before, instanceId);
            lock (_store.Gate)
            {
                if (_dead) throw Stopped();
                position = commit();
            }
            await Log.WhenDurable(position);
            if (after is { } point) _faults.At(point, instanceId);
        }
        catch (DurableFaultException error)
        {
            Die(error);
            throw;
        }
        then();
        MaybeCheckpoint();
        return instanceId;
    }
}
