using System.Numerics;

namespace Olist.FunctionsHost.Durable.Entities;

/// <summary>Walks all entities, in memory and on disk, in the order of hash and id; a piece of the hashes at a time.</summary>
sealed class EntityScan
{
    const int PerPiece = 512;

    readonly EntitySet _entities;
    readonly Lock _gate;
    readonly EntityPlace? _after;
    readonly int _shift;
    readonly Queue<EntityPlace> _found = new();
    ulong _piece;
    bool _isOver;

    public EntityScan(EntitySet entities, Lock gate, EntityPlace? after)
    {
        (_entities, _gate, _after) = (entities, gate, after);
        long count;
        lock (gate) count = entities.Disk.Index.Count + entities.Table.Count;
        _shift = 64 - Math.Max(8, BitOperations.Log2((ulong)(count / PerPiece) + 1));
        _piece = (after?.Hash ?? 0) >> _shift;
    }

    /// <summary>Null when there is no more.</summary>
    public EntityPlace? Next()
    {
        while (_found.Count == 0 && !_isOver) ReadPiece();
        return _found.TryDequeue(out var next) ? next : null;
    }

    void ReadPiece()
    {
        var from = _piece << _shift;
        var to = from | ((1UL << _shift) - 1);
        var cells = new List<EntityCell>();
        var stored = new List<(ulong Hash, long Location)>();
        lock (_gate)
        {
            _entities.Table.Collect(from, to, cells);
            _entities.Disk.Index.Collect(from, to, stored);
        }
        var places = new SortedSet<EntityPlace>(Order.Instance);
        foreach (var cell in cells) places.Add(new EntityPlace(cell.Hash, cell.Id));
        var inMemory = cells.Where(cell => cell.Location != 0).Select(cell => cell.Location).ToHashSet();
        foreach (var (hash, location) in stored)
            if (!inMemory.Contains(location) && IdAt(hash, location) is { } id) places.Add(new EntityPlace(hash, id));
        foreach (var place in places)
            if (_after is null || Order.Instance.Compare(place, _after) > 0) _found.Enqueue(place);
        _isOver = to == ulong.MaxValue;
        _piece++;
    }

    string? IdAt(ulong hash, long location)
    {
        if (_entities.Disk.TryRead(location, out var payload)) return EntityCodec.ReadId(payload);
        // Merged away meanwhile: it is at another place of the same hash.
        lock (_gate)
            foreach (var other in _entities.Disk.Index.Find(hash))
                if (_entities.Disk.TryRead(other, out payload)) return EntityCodec.ReadId(payload);
        return null;
    }

    sealed class Order : IComparer<EntityPlace>
    {
        public static Order Instance { get; } = new();

        public int Compare(EntityPlace? x, EntityPlace? y) =>
            x!.Hash != y!.Hash ? x.Hash.CompareTo(y.Hash) : string.CompareOrdinal(x.Id, y.Id); // The set holds no nulls.
    }
}
