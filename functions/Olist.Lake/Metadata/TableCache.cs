namespace Olist.Lake.Metadata;

/// <summary>Decoded files of a lake by location. The files never change, so neither do the entries; the oldest used go first.</summary>
/// <param name="capacity">Sum of the weights that stay.</param>
sealed class TableCache(int capacity)
{
    readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    readonly LinkedList<Entry> _byUse = [];
    readonly Lock _lock = new();
    long _weight;

    sealed record Entry(string Location, object Value, int Weight);

    /// <summary>What is kept under the location, else what <paramref name="load"/> gives; two callers at once may both load.</summary>
    public async ValueTask<T> GetAsync<T>(string location, Func<ValueTask<T>> load, Func<T, int> weigh) where T : class
    {
        if (Find<T>(location) is { } known) return known;
        var value = await load();
        Put(location, value, weigh(value));
        return value;
    }

    /// <summary>What is kept under the location, or null.</summary>
    public T? Find<T>(string location) where T : class
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(location, out var found)) return null;
            _byUse.Remove(found);
            _byUse.AddFirst(found);
            return (T)found.Value.Value;
        }
    }

    public void Put(string location, object value, int weight)
    {
        lock (_lock)
        {
            if (weight > capacity / 4 || _entries.ContainsKey(location)) return;
            _entries[location] = _byUse.AddFirst(new Entry(location, value, weight + 16));
            _weight += weight + 16;
            while (_weight > capacity && _byUse.Last is { } last)
            {
                _byUse.RemoveLast();
                _entries.Remove(last.Value.Location);
                _weight -= last.Value.Weight;
            }
        }
    }
}
