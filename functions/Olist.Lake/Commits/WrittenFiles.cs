using System.Collections.Concurrent;
using Olist.Lake.Metadata;
using Olist.Storage;

namespace Olist.Lake.Commits;

/// <summary>Keys of the files that a commit wrote, so that they can be removed when it surely failed.</summary>
sealed class WrittenFiles
{
    readonly ConcurrentDictionary<string, bool> _keys = new(StringComparer.Ordinal);

    public void Add(string key) => _keys[key] = true;

    public void Forget(string key) => _keys.TryRemove(key, out _);

    public ValueTask DeleteAsync(IObjectStore store) => Cleanup.DeleteQuietlyAsync(store, _keys.Keys);
}
