namespace Olist.Lake.Metadata;

/// <summary>Decoded files of a lake by location. The files never change, so neither do the entries; the oldest used go first.</summary>
/// <remarks>A table that is committed to every few seconds fills it with files that nobody asks for again, so what an entry weighs must be what it takes.</remarks>
/// <param name="capacity">Bytes that stay, about.</param>
sealed class TableCache(long capacity)
{
    /// <summary>An entry's own: its key, its places in dictionary and list.</summary>
    const int EntryBytes = 600;

    readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    readonly LinkedList<Entry> _byUse = [];
    readonly Lock _lock = new();
    long _bytes;

    sealed record Entry(string Location, object Value, long Bytes);

    /// <summary>What is kept under the location, else what <paramref name="load"/> gives; two callers at once may both load.</summary>
    public async ValueTask<T> GetAsync<T>(string location, Func<ValueTask<T>> load, Func<T, long> weighBytes) where T : class
    {
        if (Find<T>(location) is { } known) return known;
        var value = await load();
        Put(location, value, weighBytes(value));
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

    public void Put(string location, object value, long bytes)
    {
        lock (_lock)
        {
            if (bytes > capacity / 4 || _entries.ContainsKey(location)) return;
            _entries[location] = _byUse.AddFirst(new Entry(location, value, bytes + EntryBytes));
            _bytes += bytes + EntryBytes;
            while (_bytes > capacity && _byUse.Last is { } last)
            {
                _byUse.RemoveLast();
                _entries.Remove(last.Value.Location);
                _bytes -= last.Value.Bytes;
            }
        }
    }
}
