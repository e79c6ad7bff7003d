namespace Olist.FunctionsHost.Durable.Entities;

/// <summary>How an entity in memory stands to the store.</summary>
enum CellStage : byte
{
    /// <summary>The store has it so; it may be dropped from memory.</summary>
    Clean,

    /// <summary>Changed since the last checkpoint.</summary>
    Dirty,

    /// <summary>A checkpoint that is not published yet has it so.</summary>
    Writing,
}

/// <summary>An entity in memory. Changed under the instance store's lock only.</summary>
sealed class EntityCell(string id, ulong hash)
{
    public string Id => id;
    public ulong Hash => hash;

    /// <summary>JSON as UTF-8; null is no state. Never changed in place.</summary>
    public byte[]? State { get; set; }
    public DateTime ModifiedAt { get; set; }
    public EntityCaller? LockedBy { get; set; }
    public List<EntityMessage> Inbox { get; set; } = [];

    /// <summary>Signals whose time had not come when they were sent.</summary>
    public List<EntityMessage>? Delayed { get; set; }

    /// <summary>Id of the last message, batch or removal that is in here.</summary>
    public long Sequence { get; set; }

    /// <summary>Behind the last log record that touched it.</summary>
    public long Position { get; set; }

    public bool IsRemoved { get; set; }

    /// <summary>False while what the store has of it was not read; then this holds only what came since.</summary>
    public bool IsLoaded { get; set; }

    /// <summary>A batch runs or is about to.</summary>
    public bool IsActive { get; set; }

    public CellStage Stage { get; set; }

    /// <summary>Used since the cache last looked.</summary>
    public bool IsHot { get; set; }

    /// <summary>In the cache's queue.</summary>
    public bool IsCached { get; set; }

    /// <summary><see cref="Weight"/> when it entered the queue.</summary>
    public int CachedWeight { get; set; }

    /// <summary>Where the store has it, or 0.</summary>
    public long Location { get; set; }

    /// <summary>Where an unpublished checkpoint has written it, or 0.</summary>
    public long NextLocation { get; set; }

    /// <summary>Earliest ticks for which a timer is set on its behalf.</summary>
    public long ArmedFor { get; set; } = long.MaxValue;

    /// <summary>Next in the table's chain; the table's own.</summary>
    public EntityCell? Next { get; set; }

    public bool IsDroppable => Stage == CellStage.Clean && !IsActive && Inbox.Count == 0;

    /// <summary>What it takes in memory, bytes, about.</summary>
    public int Weight => 384 + (2 * id.Length) + (State?.Length ?? 0) + (8 * Inbox.Capacity);

    /// <summary>Ticks at which the entity has something to do: 1 is now, 0 is never.</summary>
    public long NextDue => Inbox.Count > 0 ? 1 : Delayed is { Count: > 0 } delayed ? delayed.Min(message => message.DueTicks) : 0;

    /// <summary>Puts what the store had before what came since.</summary>
    public void Load(StoredEntity? stored)
    {
        IsLoaded = true;
        if (stored is null) return;
        (State, ModifiedAt, LockedBy) = (stored.State, stored.ModifiedAt, stored.LockedBy);
        Sequence = Math.Max(Sequence, stored.Sequence);
        Inbox.InsertRange(0, stored.Inbox);
        if (stored.Delayed.Count > 0) (Delayed ??= []).InsertRange(0, stored.Delayed);
    }
}

/// <summary>An entity as the store has it.</summary>
sealed record StoredEntity(
    string Id, long Sequence, DateTime ModifiedAt, byte[]? State, EntityCaller? LockedBy, IReadOnlyList<EntityMessage> Inbox, IReadOnlyList<EntityMessage> Delayed);
