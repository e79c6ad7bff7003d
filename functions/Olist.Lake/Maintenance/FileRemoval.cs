using Olist.Lake.Scans;
using Olist.Storage;

namespace Olist.Lake.Maintenance;

/// <summary>Removes files, some at a time.</summary>
static class FileRemoval
{
    const int AtOnce = 8;

    /// <returns>The keys that are gone. What the store refuses stays an orphan, which costs space and nothing else.</returns>
    public static async ValueTask<List<string>> RemoveAsync(IObjectStore store, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        var gone = await Ahead.ToListAsync(keys, async (key, token) =>
        {
            try
            {
                await store.DeleteAsync(key, token);
                return key;
            }
            catch (StoreException)
            {
                return null;
            }
        }, AtOnce, cancellationToken);
        return [.. gone.OfType<string>()];
    }
}
