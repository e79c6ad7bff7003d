using System.Runtime.CompilerServices;
using Olist.Storage;

namespace Olist.Testing.Stores;

/// <summary>The last changes to a store, to show it as it was before them. Safe to use from many threads.</summary>
sealed class RecentChanges(int keep = 40)
{
    readonly Lock _lock = new();
    readonly Queue<(string Key, ObjectInfo? Before)> _changes = new();

    /// <param name="before">What was under the key; null: nothing.</param>
    public void Add(string key, ObjectInfo? before)
    {
        lock (_lock)
        {
            _changes.Enqueue((key, before));
            if (_changes.Count > keep) _changes.Dequeue();
        }
    }

    /// <summary>The listing as it was before the changes that are remembered.</summary>
    public async IAsyncEnumerable<ObjectInfo> UndoAsync(IAsyncEnumerable<ObjectInfo> listing, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = new Dictionary<string, ObjectInfo?>(StringComparer.Ordinal);
        lock (_lock)
            foreach (var (key, info) in _changes)
                if (key.StartsWith(prefix, StringComparison.Ordinal)) before.TryAdd(key, info); // the oldest is what was there first
        var stale = new SortedDictionary<string, ObjectInfo>(StringComparer.Ordinal);
        await foreach (var info in listing.WithCancellation(cancellationToken))
            if (!before.ContainsKey(info.Key)) stale[info.Key] = info;
        foreach (var info in before.Values)
            if (info is not null) stale[info.Key] = info;
        foreach (var info in stale.Values) yield return info;
    }
}
