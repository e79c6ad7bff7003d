using Olist.FunctionsHost.Durable.Entities;
using Olist.FunctionsHost.DurableTask.Entities;

namespace Olist.FunctionsHost.Durable.Engine;

/// <summary>What clients want to know of entities, and the cleaning up. Everything that is shown is durable.</summary>
sealed partial class DurableEngine
{
    /// <summary>The entity as of its last durable change; null when there is none.</summary>
    public async Task<EntityView?> ReadEntityAsync(EntityInstanceId id)
    {
        var text = EntityIds.Check(id);
        var (view, position) = Look(EntityIds.Hash(text), text);
        await Log.WhenDurable(position);
        return view;
    }

    (EntityView? View, long Position) Look(ulong hash, string id)
    {
        int waiting;
        long position;
        lock (_store.Gate)
        {
            var cell = _store.Entities.Table.Find(hash, id);
            if (cell is { IsLoaded: true })
                return (cell.IsRemoved ? null : new EntityView(id, cell.State, cell.ModifiedAt, Backlog(cell), cell.LockedBy), cell.Position);
            (waiting, position) = cell is null ? (0, 0L) : (Backlog(cell), cell.Position);
        }
        var stored = _store.Entities.Disk.Read(hash, id, out _);
        if (stored is not null) return (new EntityView(id, stored.State, stored.ModifiedAt, waiting + stored.Inbox.Count + stored.Delayed.Count, stored.LockedBy), position);
        return (waiting == 0 ? null : new EntityView(id, null, DateTime.MinValue, waiting, null), position);
    }

    static int Backlog(EntityCell cell) => cell.Inbox.Count + (cell.Delayed?.Count ?? 0);

    /// <summary>Entities in the order of their hashes: the order says nothing, and stays while entities come and go.</summary>
    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <exception cref="ArgumentException">That is no place where a page ended.</exception>
    public async Task<EntityPage> ListEntitiesAsync(Func<EntityView, bool> filter, string? prefix, EntityPlace? after, int count, CancellationToken cancellationToken)
    {
        var views = new List<EntityView>();
        var position = 0L;
        var scan = new EntityScan(_store.Entities, _store.Gate, after);
        EntityPlace? last = null;
        while (views.Count < count && scan.Next() is { } place)
        {
            cancellationToken.ThrowIfCancellationRequested();
            last = place;
            if (prefix is not null && !place.Id.StartsWith(prefix, StringComparison.Ordinal)) continue;
            var (view, at) = Look(place.Hash, place.Id);
            if (view is null || !filter(view)) continue;
            views.Add(view);
            position = Math.Max(position, at);
        }
        await Log.WhenDurable(position);
        return new EntityPage(views, views.Count == count ? last : null);
    }

    /// <summary>Forgets an entity that has nothing; false when it has something.</summary>
    public async Task<bool> RemoveEntityAsync(string id)
    {
        var removed = false;
        await GuardAsync(DurablePoint.BeforeEntityIsRemoved, null, id, () =>
        {
            var cell = _store.Entities.GetOrAdd(id);
            if (!cell.IsLoaded) _store.Entities.Load(cell); // Rarely: it was just looked at.
            if (cell.IsRemoved || cell.IsActive || cell.State is not null || cell.LockedBy is not null || Backlog(cell) > 0) return 0;
            removed = true;
            return _store.Commit(new EntityRemovedRecord(id, _store.NewMessageId()));
        }, () => { });
        return removed;
    }

    /// <summary>Unlocks an entity whose owner is gone; false when it is not.</summary>
    public async Task<bool> ReleaseOrphanedLockAsync(string id)
    {
        var released = false;
        await GuardAsync(DurablePoint.BeforeEntitySignalIsAppended, DurablePoint.AfterEntitySignalIsDurable, id, () =>
        {
            var cell = _store.Entities.GetOrAdd(id);
            if (!cell.IsLoaded) _store.Entities.Load(cell);
            if (cell.LockedBy is not { } owner || Lives(owner)) return 0;
            released = true;
            var position = _store.Commit(new EntityMessageRecord(id, new EntityMessage(_store.NewMessageId(), EntityMessageKind.Unlock, "", null, 0, owner)));
            Wake(cell);
            return position;
        }, StartPumps);
        return released;
    }
}
