using System.Text;
using Olist.Storage;

namespace Olist.Lake.Catalogs;

/// <summary>The file at the root that says: this folder is a lake. Without it a folder that holds anything is left alone.</summary>
static class LakeMarker
{
    public const string Key = "olist-lake.json";

    static ReadOnlyMemory<byte> Content { get; } = Encoding.UTF8.GetBytes("{\"format\":\"olist-lake\",\"version\":1}\n");

    /// <exception cref="LakeException">It is no lake and not empty, or does not exist and shall not be made.</exception>
    public static async ValueTask OpenAsync(IObjectStore store, bool mayCreate, CancellationToken cancellationToken)
    {
        if (await IsLakeAsync(store, cancellationToken)) return;
        var first = await FindAnythingAsync(store, cancellationToken);
        // Another process may have made the lake between the two looks.
        if (first is not null && await IsLakeAsync(store, cancellationToken)) return;
        if (first is not null)
            throw new LakeException($"{store.RootUri} is no lake: it holds {first}, but no {Key}. Nothing was changed. Give an empty or new folder, or the root of a lake that exists.");
        if (!mayCreate) throw new LakeException($"There is no lake at {store.RootUri}. Check the address, or make one by a command that writes (olist backfill).");
        try
        {
            await store.TryCreateAsync(Key, Content, cancellationToken);
        }
        catch (StoreOutcomeUnknownException)
        {
            if (!await IsLakeAsync(store, cancellationToken)) throw;
        }
    }

    static async ValueTask<bool> IsLakeAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        try
        {
            var content = Encoding.UTF8.GetString(await store.ReadAsync(Key, cancellationToken));
            if (!content.Contains("\"olist-lake\"", StringComparison.Ordinal))
                throw new LakeException($"{store.RootUri}/{Key} is not the marker of a lake: '{content[..Math.Min(content.Length, 80)]}'. Restore it, or give another folder.");
            if (!content.Contains("\"version\":1}", StringComparison.Ordinal))
                throw new LakeException($"{store.RootUri}/{Key} is of a lake version that this program does not know: {content.Trim()}. Upgrade the program.");
            return true;
        }
        catch (ObjectNotFoundException)
        {
            return false;
        }
    }

    static async ValueTask<string?> FindAnythingAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        await foreach (var info in store.ListAsync("", cancellationToken))
            if (!info.Key.StartsWith('.')) return info.Key;
        return null;
    }
}
