using System.Numerics;

namespace Olist.FunctionsHost.Durable.Entities;

/// <summary>Entities in memory by id, in buckets that are in the order of their hashes. Not for several threads.</summary>
sealed class EntityTable
{
    EntityCell?[] _buckets = new EntityCell?[1024];
    int _shift = 64 - 10;

    public int Count { get; private set; }

    public EntityCell? Find(ulong hash, string id)
    {
        for (var cell = _buckets[hash >> _shift]; cell is not null; cell = cell.Next)
            if (cell.Hash == hash && cell.Id == id) return cell;
        return null;
    }

    public void Add(EntityCell cell)
    {
        if (Count >= _buckets.Length) Grow();
        Link(cell);
        Count++;
    }

    public void Remove(EntityCell cell)
    {
        ref var link = ref _buckets[cell.Hash >> _shift];
        if (link == cell) link = cell.Next;
        else
        {
            var previous = link!; // It is in the chain.
            while (previous.Next != cell) previous = previous.Next!;
            previous.Next = cell.Next;
        }
        cell.Next = null;
        Count--;
    }

    public IEnumerable<EntityCell> All
    {
        get
        {
            foreach (var first in _buckets)
                for (var cell = first; cell is not null; cell = cell.Next) yield return cell;
        }
    }

    /// <summary>Adds the entities with hashes from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public void Collect(ulong from, ulong to, List<EntityCell> into)
    {
        for (var bucket = from >> _shift; bucket <= to >> _shift; bucket++)
            for (var cell = _buckets[bucket]; cell is not null; cell = cell.Next)
                if (cell.Hash >= from && cell.Hash <= to) into.Add(cell);
    }

    void Link(EntityCell cell)
    {
        ref var first = ref _buckets[cell.Hash >> _shift];
        cell.Next = first;
        first = cell;
    }

    void Grow()
    {
        var old = _buckets;
        _buckets = new EntityCell?[old.Length * 2];
        _shift = 64 - BitOperations.Log2((uint)_buckets.Length);
        foreach (var first in old)
            for (var cell = first; cell is not null;)
            {
                var next = cell.Next;
                Link(cell);
                cell = next;
            }
    }
}
