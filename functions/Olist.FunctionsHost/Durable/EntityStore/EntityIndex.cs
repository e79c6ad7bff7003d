using System.Numerics;

namespace Olist.FunctionsHost.Durable.EntityStore;

/// <summary>
/// Where each entity is on disk: 16 bytes an entity in open-addressed tables, one per first byte of the hash, each grown by itself so
/// that none takes long. Hashes may come several times: ids are compared on disk. Not for several threads.
/// </summary>
sealed class EntityIndex
{
    readonly Shard[] _shards = [.. Enumerable.Range(0, 256).Select(_ => new Shard())];

    public long Count { get; private set; }

    /// <summary>All places where an entity of that hash may be.</summary>
    public long[] Find(ulong hash) => _shards[hash >> 56].Find(hash);

    public bool Contains(ulong hash, long location) => _shards[hash >> 56].SlotOf(hash, location) >= 0;

    public void Add(ulong hash, long location)
    {
        _shards[hash >> 56].Add(hash, location);
        Count++;
    }

    public void Replace(ulong hash, long old, long location) => _shards[hash >> 56].Replace(hash, old, location);

    public void Remove(ulong hash, long location)
    {
        _shards[hash >> 56].Remove(hash, location);
        Count--;
    }

    /// <summary>Adds what has hashes from <paramref name="from"/> to <paramref name="to"/>, both included and of the same first byte.</summary>
    public void Collect(ulong from, ulong to, List<(ulong Hash, long Location)> into) => _shards[from >> 56].Collect(from, to, into);

    sealed class Shard
    {
        (ulong Hash, long Location)[] _slots = new (ulong, long)[4];
        int _count;
        int _shift = 64 - 2;

        int Home(ulong hash) => (int)((hash << 8) >> _shift);

        public long[] Find(ulong hash)
        {
            var mask = _slots.Length - 1;
            var found = 0;
            for (var i = Home(hash); _slots[i].Location != 0; i = (i + 1) & mask)
                if (_slots[i].Hash == hash) found++;
            if (found == 0) return [];
            var locations = new long[found];
            for (var i = Home(hash); _slots[i].Location != 0; i = (i + 1) & mask)
                if (_slots[i].Hash == hash) locations[--found] = _slots[i].Location;
            return locations;
        }

        public int SlotOf(ulong hash, long location)
        {
            for (var i = Home(hash); _slots[i].Location != 0; i = (i + 1) & (_slots.Length - 1))
                if (_slots[i].Hash == hash && _slots[i].Location == location) return i;
            return -1;
        }

        public void Add(ulong hash, long location)
        {
            if ((_count + 1) * 4 > _slots.Length * 3) Grow();
            Put(hash, location);
            _count++;
        }

        public void Replace(ulong hash, long old, long location)
        {
            var slot = SlotOf(hash, old);
            if (slot < 0) throw new InvalidOperationException("The entity index does not hold what is to be replaced.");
            _slots[slot].Location = location;
        }

        /// <summary>Closes the gap, so that every chain stays without holes.</summary>
        public void Remove(ulong hash, long location)
        {
            var gap = SlotOf(hash, location);
            if (gap < 0) throw new InvalidOperationException("The entity index does not hold what is to be removed.");
            var mask = _slots.Length - 1;
            for (var i = (gap + 1) & mask; _slots[i].Location != 0; i = (i + 1) & mask)
            {
                var distanceToHome = (i - Home(_slots[i].Hash)) & mask;
                if (distanceToHome < ((i - gap) & mask)) continue;
                _slots[gap] = _slots[i];
                gap = i;
            }
            _slots[gap] = default;
            _count--;
        }

        public void Collect(ulong from, ulong to, List<(ulong, long)> into)
        {
            var mask = _slots.Length - 1;
            var (first, last) = (Home(from), Home(to));
            for (var n = 0; n < _slots.Length; n++)
            {
                var i = (first + n) & mask;
                var slot = _slots[i];
                if (slot.Location == 0)
                {
                    if (n >= last - first) return;
                }
                else if (slot.Hash >= from && slot.Hash <= to) into.Add(slot);
            }
        }

        void Put(ulong hash, long location)
        {
            var i = Home(hash);
            while (_slots[i].Location != 0) i = (i + 1) & (_slots.Length - 1);
            _slots[i] = (hash, location);
        }

        void Grow()
        {
            var old = _slots;
            _slots = new (ulong, long)[old.Length * 2];
            _shift = 64 - BitOperations.Log2((uint)_slots.Length);
            foreach (var (hash, location) in old)
                if (location != 0) Put(hash, location);
        }
    }
}
