using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Durable.Entities;
using Olist.FunctionsHost.Durable.Instances;

namespace Olist.FunctionsHost.Durable.Engine;

/// <summary>
/// Checkpoints: a new segment is begun, every instance is written to it as a whole (between the steps that go on meanwhile), and every entity
/// that changed goes to a new segment of the entity store. The manifest then names both, and the old segments go. A crash before the manifest
/// leaves the old ones in force.
/// </summary>
sealed partial class DurableEngine
{
    long _checkpointedAt;
    long _liveBytes;
    int _isCheckpointing;

    void MaybeCheckpoint()
    {
        var grown = Log.Position - Volatile.Read(ref _checkpointedAt);
        if (grown < _options.DurableCheckpointBytes || grown < 2 * Volatile.Read(ref _liveBytes) || Volatile.Read(ref _isCheckpointing) == 1) return;
        EnterWork();
        _ = _threads.RunAsync(async () =>
        {
            try
            {
                await CheckpointAsync();
            }
#pragma warning disable CA1031 // The log goes on growing and says so; the next step that can't be written ends the engine.
            catch (Exception error)
#pragma warning restore CA1031
            {
                LogCheckpointFailed(_logger, error);
            }
            finally
            {
                LeaveWork();
            }
        });
    }

    /// <summary>Does nothing while another is being written.</summary>
    internal async Task CheckpointAsync()
    {
        if (Interlocked.Exchange(ref _isCheckpointing, 1) == 1) return;
        try
        {
            await WriteCheckpointAsync();
        }
        finally
        {
            Volatile.Write(ref _isCheckpointing, 0);
        }
    }

    async Task WriteCheckpointAsync()
    {
        int segment;
        long start;
        List<string> ids;
        List<EntityCell> changed;
        lock (_store.Gate)
        {
            if (_dead) return;
            (start, segment) = (Log.Position, Log.Roll());
            ids = [.. _store.All.Select(instance => instance.Id)];
            changed = _store.Entities.TakeDirty();
        }
        var isSettled = false;
        try
        {
            _faults.At(DurablePoint.CheckpointHasRolled, "");
            var position = start;
            for (var i = 0; i < ids.Count; i++)
            {
                if (i == ids.Count / 2) _faults.At(DurablePoint.CheckpointIsHalfWritten, "");
                lock (_store.Gate)
                    if (_store.Find(ids[i]) is { } instance) position = _store.Commit(new SnapshotRecord(instance));
            }
            var (entities, entitiesPosition) = WriteEntities(changed);
            await Log.WhenRolled();
            await Log.WhenDurable(Math.Max(position, entitiesPosition));
            _faults.At(DurablePoint.CheckpointIsWritten, "");
            Publish(segment, entities);
            _faults.At(DurablePoint.CheckpointIsPublished, "");
            SettleEntities(changed, entities);
            isSettled = true;
            _segments.DeleteBefore(segment);
            Volatile.Write(ref _liveBytes, position - start);
            Volatile.Write(ref _checkpointedAt, position);
            LogCheckpoint(_logger, ids.Count, position - start, changed.Count);
            MergeEntities(segment);
        }
        catch (DurableFaultException error)
        {
            Die(error);
        }
        finally
        {
            if (!isSettled) KeepChanged(changed);
        }
    }

    [LoggerMessage(EventId = 4404, Level = LogLevel.Debug, Message = "Checkpoint of {Count} orchestrations, {Bytes} bytes, and {Entities} entities")]
    static partial void LogCheckpoint(ILogger logger, int count, long bytes, int entities);

    [LoggerMessage(EventId = 4405, Level = LogLevel.Error, Message = "The checkpoint of the durable log failed; the log keeps growing until one succeeds")]
    static partial void LogCheckpointFailed(ILogger logger, Exception error);
}
