using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Durable.Entities;
using Olist.FunctionsHost.Durable.EntityStore;
using Olist.FunctionsHost.Durable.Log;
using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.Durable.Engine;

/// <summary>The entities' part of a checkpoint, and the merging of segments that hold much that is old.</summary>
sealed partial class DurableEngine
{
    const int CellsAtOnce = 128;
    const int MergesPerCheckpoint = 4;

    /// <summary>Writes entities to a new segment as they are now, which may be later than when the checkpoint began: the log tells by their sequence.</summary>
    /// <returns>Null when there are none; and the position that must be durable before the segment may count.</returns>
    (SegmentInfo? Segment, long Position) WriteEntities(List<EntityCell> changed)
    {
        if (changed.Count == 0) return (null, 0);
        var position = CarryUnreadable(changed);
        if (changed.Count == 0) return (null, position);
        var record = new RecordWriter();
        using var writer = _store.Entities.Disk.Begin();
        for (var first = 0; first < changed.Count; first += CellsAtOnce)
        {
            var end = Math.Min(first + CellsAtOnce, changed.Count);
            lock (_store.Gate)
                for (var i = first; i < end; i++)
                {
                    Write(writer, record, changed[i]);
                    position = Math.Max(position, changed[i].Position);
                }
            if (writer.Buffered > 1 << 20) writer.Flush();
            if (first <= changed.Count / 2 && end > changed.Count / 2)
            {
                writer.Flush();
                _faults.At(DurablePoint.EntitySegmentIsHalfWritten, "");
            }
        }
        return (writer.Finish(_options.DurableFlush == DurableFlush.Disk), position);
    }

    /// <summary>Entities that can't be read stay out; their messages go on waiting, in the log.</summary>
    long CarryUnreadable(List<EntityCell> changed)
    {
        var position = 0L;
        changed.RemoveAll(cell =>
        {
            try
            {
                if (!cell.IsLoaded) _store.Entities.Load(cell);
                return false;
            }
            catch (CorruptStateException error)
            {
                LogUnreadable(_logger, error, cell.Id);
                lock (_store.Gate)
                {
                    foreach (var message in cell.Inbox.Concat(cell.Delayed ?? [])) position = _store.Rewrite(new EntityMessageRecord(cell.Id, message));
                    cell.Stage = CellStage.Clean;
                    _store.Entities.MarkDirty(cell);
                }
                return true;
            }
        });
        return position;
    }

    void Write(EntitySegmentWriter writer, RecordWriter record, EntityCell cell)
    {
        cell.Stage = CellStage.Writing;
        record.Clear();
        EntityCodec.WriteCell(record, cell);
        cell.NextLocation = writer.Add(record.Written, cell.Hash, cell.IsRemoved, IsShared(cell), cell.NextDue);
    }

    /// <summary>Whether another entity has the same hash.</summary>
    bool IsShared(EntityCell cell)
    {
        foreach (var other in _store.Entities.Disk.Index.Find(cell.Hash))
            if (other != cell.Location) return true;
        var same = new List<EntityCell>(1);
        _store.Entities.Table.Collect(cell.Hash, cell.Hash, same);
        return same.Count > 1;
    }

    /// <summary>From here on the segment counts, and the log before <paramref name="firstLogSegment"/> does not.</summary>
    void Publish(int firstLogSegment, SegmentInfo? added)
    {
        if (added is not null)
        {
            _faults.At(DurablePoint.EntitySegmentIsWritten, "");
            _store.Entities.Disk.Attach(added);
        }
        long lastId;
        lock (_store.Gate) lastId = _store.LastMessageId;
        Replace(new DurableManifest(firstLogSegment, lastId, _store.Entities.Disk.Infos));
    }

    void Replace(DurableManifest manifest)
    {
        _segments.Publish(manifest, _options.DurableFlush);
        _faults.At(DurablePoint.ManifestIsReplaced, "");
    }

    void SettleEntities(List<EntityCell> changed, SegmentInfo? written)
    {
        if (written is null) return;
        for (var first = 0; first < changed.Count; first += CellsAtOnce)
            lock (_store.Gate)
                for (var i = first; i < Math.Min(first + CellsAtOnce, changed.Count); i++) _store.Entities.Settle(changed[i]);
        lock (_store.Gate) _store.Entities.Trim();
    }

    /// <summary>The checkpoint does not count: the next one writes them again.</summary>
    void KeepChanged(List<EntityCell> changed)
    {
        lock (_store.Gate)
            foreach (var cell in changed)
            {
                cell.NextLocation = 0;
                if (cell.Stage == CellStage.Dirty) cell.Stage = CellStage.Clean; // Put on the list once, whether it was before or not.
            }
        lock (_store.Gate)
        {
            var since = _store.Entities.TakeDirty();
            foreach (var cell in since) cell.Stage = CellStage.Clean;
            foreach (var cell in since.Concat(changed)) _store.Entities.MarkDirty(cell);
        }
    }

    void MergeEntities(int firstLogSegment)
    {
        for (var i = 0; i < MergesPerCheckpoint; i++)
        {
            List<EntitySegment> chosen;
            lock (_store.Gate) chosen = SegmentMerge.Choose(_store.Entities.Disk.Segments);
            if (chosen.Count == 0) return;
            var merge = new SegmentMerge(_store.Entities, _store.Gate, chosen);
            var merged = merge.Write(_options.DurableFlush == DurableFlush.Disk);
            _faults.At(DurablePoint.EntityMergeIsWritten, "");
            var left = _store.Entities.Disk.Infos.Where(info => chosen.All(segment => segment.Info.Number != info.Number)).ToList();
            if (merged is not null)
            {
                _store.Entities.Disk.Attach(merged);
                left.Add(merged);
            }
            long lastId;
            lock (_store.Gate) lastId = _store.LastMessageId;
            Replace(new DurableManifest(firstLogSegment, lastId, left));
            _faults.At(DurablePoint.EntityMergeIsPublished, "");
            merge.Settle();
            _store.Entities.Disk.Detach(chosen);
            LogMerged(_logger, chosen.Count, merged?.Records ?? 0, merged?.Bytes ?? 0);
        }
    }

    [LoggerMessage(EventId = 4416, Level = LogLevel.Debug, Message = "{Count} segments of the entity store merged: {Records} records, {Bytes} bytes")]
    static partial void LogMerged(ILogger logger, int count, int records, long bytes);
}
