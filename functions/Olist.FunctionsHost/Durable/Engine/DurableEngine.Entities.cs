using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Durable.Entities;
using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.DurableTask.Entities;

namespace Olist.FunctionsHost.Durable.Engine;

/// <summary>
/// Entities: a message wakes its entity, and the entity's batch runs at once, also while the message is still on its way to the disk. The log
/// is a sequence: a batch can only be durable if what it consumed is. So a signal and what came of it often share one flush.
/// </summary>
sealed partial class DurableEngine
{
    readonly ConcurrentQueue<EntityCell> _ready = new();
    readonly EntityData _entityData;
    readonly EntityTimers _entityTimers;
    readonly bool _hasFaults;

    /// <summary>Completes when the signal is durable.</summary>
    /// <exception cref="ArgumentException">No such entity, the id is not allowed, or the input is too large.</exception>
    public Task SignalEntityAsync(EntityInstanceId id, string operation, byte[]? input, DateTimeOffset? at)
    {
        var text = EntityIds.Check(id);
        if (_functions.Entity(id.Name) is null)
            throw new ArgumentException($"There is no entity '{id.Name}'; known are: {string.Join(", ", _functions.EntityNames)}.", nameof(id));
        EntityData.CheckInput(input, text, operation);
        var due = DueTicks(at);
        if (_hasFaults) return GuardAsync(DurablePoint.BeforeEntitySignalIsAppended, DurablePoint.AfterEntitySignalIsDurable, text, () => AppendSignal(text, operation, input, due), StartPumps);
        long position;
        lock (_store.Gate)
        {
            if (_dead) throw Stopped();
            position = AppendSignal(text, operation, input, due);
        }
        StartPumps();
        MaybeCheckpoint();
        return Log.WhenDurable(position);
    }

    long AppendSignal(string id, string operation, byte[]? input, long due)
    {
        var position = _store.Commit(new EntityMessageRecord(id, new EntityMessage(_store.NewMessageId(), EntityMessageKind.Signal, operation, input, due)));
        if (due == 0) Wake(_store.Entities.GetOrAdd(id));
        return position;
    }

    /// <summary>0 when the time has come.</summary>
    long DueTicks(DateTimeOffset? at) => at is { } time && time.UtcDateTime > Now ? time.UtcTicks : 0;

    /// <summary>What waited when the process ended goes on, and timers begin to run.</summary>
    void StartEntities()
    {
        lock (_store.Gate)
            foreach (var cell in _store.Entities.Table.All)
            {
                _store.Entities.Arm(cell);
                Wake(cell);
            }
        _entityTimers.Start();
        StartPumps();
    }

    /// <summary>Lets a batch run, if there is anything to do and none runs. Under the gate; <see cref="StartPumps"/> afterwards.</summary>
    void Wake(EntityCell cell)
    {
        if (!_running || cell.IsActive || (cell.IsLoaded && cell.Inbox.Count == 0)) return;
        Activate(cell);
    }

    void Activate(EntityCell cell)
    {
        cell.IsActive = true;
        _work++;
        _ready.Enqueue(cell);
    }

    void WakeEntities(IReadOnlyList<EntityMessageRecord> sent)
    {
        lock (_store.Gate)
            foreach (var message in sent)
                if (message.Message.DueTicks == 0 && _store.Entities.Find(message.EntityId) is { } cell) Wake(cell);
        StartPumps();
    }

    /// <summary>Delayed signals have become due; the entities may be on disk only.</summary>
    void WakeDue(IReadOnlyList<ulong> hashes)
    {
        try
        {
            foreach (var hash in hashes) WakeDue(hash);
            StartPumps();
        }
#pragma warning disable CA1031 // A damaged record: said here, as there is nobody to tell; the rest goes on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogDueFailed(_logger, error);
        }
    }

    void WakeDue(ulong hash)
    {
        long[] stored;
        var cells = new List<EntityCell>(1);
        lock (_store.Gate)
        {
            if (!_running) return;
            stored = _store.Entities.Disk.Index.Find(hash);
            _store.Entities.Table.Collect(hash, hash, cells);
            foreach (var cell in cells)
            {
                cell.ArmedFor = long.MaxValue;
                if (!cell.IsActive) Activate(cell);
            }
        }
        foreach (var location in stored)
        {
            if (cells.Any(cell => cell.Location == location) || !_store.Entities.Disk.TryRead(location, out var payload)) continue;
            var id = EntityCodec.ReadId(payload);
            lock (_store.Gate)
            {
                var cell = _store.Entities.GetOrAdd(hash, id);
                if (_running && !cell.IsActive) Activate(cell);
            }
        }
    }

    void LogEntitiesRecovered()
    {
        if (_store.Entities.Disk.Index.Count + _store.Entities.Table.Count > 0) LogEntities(_logger, _store.Entities.Disk.Index.Count, _store.Entities.Table.Count);
    }

    [LoggerMessage(EventId = 4410, Level = LogLevel.Information, Message = "{Stored} entities in the store, {Changed} in the log since its last checkpoint")]
    static partial void LogEntities(ILogger logger, long stored, int changed);

    [LoggerMessage(EventId = 4411, Level = LogLevel.Critical, Message = "Delayed signals could not be delivered; they are tried again at the next start")]
    static partial void LogDueFailed(ILogger logger, Exception error);
}
