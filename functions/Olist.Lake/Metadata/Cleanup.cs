using Olist.Storage;

namespace Olist.Lake.Metadata;

/// <summary>Removes files that nothing refers to.</summary>
static class Cleanup
{
    /// <summary>Best effort: what stays is an orphan, which costs space and nothing else, and orphan removal finds it.</summary>
    public static async ValueTask DeleteQuietlyAsync(IObjectStore store, IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            try
            {
                await store.DeleteAsync(key, CancellationToken.None);
            }
            catch (StoreException)
            {
                return;
            }
        }
    }
}
