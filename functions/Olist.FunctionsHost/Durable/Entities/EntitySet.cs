using Olist.FunctionsHost.Durable.EntityStore;

namespace Olist.FunctionsHost.Durable.Entities;

/// <summary>
/// All entities: those in memory (changed since the last checkpoint, busy, or lately used) over those on disk. Under the instance store's
/// lock, but for reads of the disk.
/// </summary>
sealed class EntitySet(string folder, Lock gate) : IDisposable
{
    /// <summary>Clean entities kept in memory, approximate bytes.</summary>
    const long CacheBytes = 64L << 20;

    readonly Queue<EntityCell> _cache = new();
    List<EntityCell> _dirty = [];
    long _cachedBytes;

    public EntityTable Table { get; } = new();

    public EntityDisk Disk { get; } = new(folder, gate);

    /// <summary>Told of every time at which an entity has something to do: its hash, UTC ticks.</summary>
    public Action<ulong, long>? OnDue { get; set; }

    /// <summary>While the log is read, what the disk has of an entity is read before a record changes it.</summary>
    public bool IsRecovering { get; set; }

    public EntityCell? Find(string id) => Table.Find(EntityIds.Hash(id), id);

    public EntityCell GetOrAdd(string id) => GetOrAdd(EntityIds.Hash(id), id);

    public EntityCell GetOrAdd(ulong hash, string id)
    {
        var cell = Table.Find(hash, id);
        if (cell is null)
        {
            cell = new EntityCell(id, hash) { IsLoaded = Disk.Index.Find(hash).Length == 0 };
            Table.Add(cell);
            Keep(cell);
            if (IsRecovering && !cell.IsLoaded) Load(cell);
        }
        cell.IsHot = true;
        return cell;
    }

    /// <summary>Reads what the disk has of the entity; call without the lock.</summary>
    public void Load(EntityCell cell)
    {
        while (true)
        {
            var stored = Disk.Read(cell.Hash, cell.Id, out var location);
            lock (gate)
            {
                if (cell.IsLoaded) return;
                if (location != 0 && !Disk.Index.Contains(cell.Hash, location)) continue; // Merged meanwhile.
                cell.Location = location;
                cell.Load(stored);
                // The timer of what the disk had was set when the signal came, or by recovery; but with messages in the queue recovery set it for those.
                if (stored is { Delayed.Count: > 0, Inbox.Count: 0 }) cell.ArmedFor = Math.Min(cell.ArmedFor, stored.Delayed.Min(message => message.DueTicks));
                return;
            }
        }
    }

    public EntityCell Apply(EntityMessageRecord record, long position)
    {
        var cell = GetOrAdd(record.EntityId);
        var message = record.Message;
        if (message.Id <= cell.Sequence) return cell; // In recovery: the checkpoint has it.
        Touch(cell, message.Id, position);
        cell.IsRemoved = false;
        if (message.DueTicks == 0) cell.Inbox.Add(message);
        else
        {
            (cell.Delayed ??= []).Add(message);
            Arm(cell, message.DueTicks);
        }
        return cell;
    }

    public EntityCell Apply(EntityBatchRecord batch, long position)
    {
        var cell = GetOrAdd(batch.EntityId);
        if (batch.Sequence <= cell.Sequence) return cell;
        Touch(cell, batch.Sequence, position);
        cell.ModifiedAt = batch.At;
        cell.LockedBy = batch.LockedBy;
        if (batch.ChangesState) cell.State = batch.State;
        Consume(cell, batch.Consumed);
        return cell;
    }

    public void Apply(EntityRemovedRecord removed, long position)
    {
        var cell = GetOrAdd(removed.EntityId);
        if (removed.Sequence <= cell.Sequence) return;
        Touch(cell, removed.Sequence, position);
        cell.IsRemoved = true;
        (cell.State, cell.LockedBy, cell.Delayed) = (null, null, null);
    }

    /// <summary>Sets a timer for the earliest delayed signal, unless there is one.</summary>
    public void Arm(EntityCell cell)
    {
        if (cell.Delayed is { Count: > 0 } delayed) Arm(cell, delayed.Min(message => message.DueTicks));
    }

    public List<EntityCell> TakeDirty()
    {
        var dirty = _dirty;
        _dirty = [];
        return dirty;
    }

    public void MarkDirty(EntityCell cell)
    {
        if (cell.Stage == CellStage.Dirty) return;
        cell.Stage = CellStage.Dirty;
        _dirty.Add(cell);
    }

    /// <summary>A checkpoint that has the entity was published.</summary>
    public void Settle(EntityCell cell)
    {
        var location = cell.NextLocation;
        cell.NextLocation = 0;
        if (cell is { IsRemoved: true, Stage: CellStage.Writing })
        {
            Disk.Remove(cell.Hash, cell.Location, location);
            Table.Remove(cell);
            cell.Stage = CellStage.Clean;
            return;
        }
        Disk.Move(cell.Hash, cell.Location, location);
        cell.Location = location;
        if (cell.Stage == CellStage.Writing) cell.Stage = CellStage.Clean;
        Weigh(cell);
        Keep(cell);
    }

    /// <summary>Drops the longest unused clean entities when there are too many.</summary>
    public void Trim()
    {
        for (var looked = _cache.Count; _cachedBytes > CacheBytes && looked > 0; looked--)
        {
            var cell = _cache.Dequeue();
            _cachedBytes -= cell.CachedWeight;
            cell.IsCached = false;
            if (cell.IsHot || (!cell.IsDroppable && cell.Stage == CellStage.Clean))
            {
                cell.IsHot = false;
                Keep(cell);
            }
            else if (cell.IsDroppable) Table.Remove(cell);
            // The others come back here when a checkpoint has them.
        }
    }

    public void Dispose() => Disk.Dispose();

    /// <summary>It came into the cache empty, and has grown since.</summary>
    void Weigh(EntityCell cell)
    {
        if (!cell.IsCached) return;
        _cachedBytes += cell.Weight - cell.CachedWeight;
        cell.CachedWeight = cell.Weight;
    }

    void Keep(EntityCell cell)
    {
        if (cell.IsCached) return;
        cell.IsCached = true;
        cell.CachedWeight = cell.Weight;
        _cachedBytes += cell.CachedWeight;
        _cache.Enqueue(cell);
    }

    void Arm(EntityCell cell, long due)
    {
        if (due >= cell.ArmedFor) return;
        cell.ArmedFor = due;
        OnDue?.Invoke(cell.Hash, due);
    }

    void Touch(EntityCell cell, long sequence, long position)
    {
        (cell.Sequence, cell.Position) = (sequence, position);
        MarkDirty(cell);
    }

    static void Consume(EntityCell cell, IReadOnlyList<long> consumed)
    {
        var prefix = 0;
        while (prefix < consumed.Count && prefix < cell.Inbox.Count && cell.Inbox[prefix].Id == consumed[prefix]) prefix++;
        cell.Inbox.RemoveRange(0, prefix);
        if (cell.Inbox.Count == 0 && cell.Inbox.Capacity > 64) cell.Inbox = [];
        if (prefix == consumed.Count) return;
        var rest = consumed.Skip(prefix).ToHashSet();
        cell.Inbox.RemoveAll(message => rest.Contains(message.Id));
        cell.Delayed?.RemoveAll(message => rest.Contains(message.Id));
    }
}
