using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Lake.Scans;

namespace Olist.Lake.Maintenance;

/// <summary>Locations of all files that some snapshots refer to, with their sizes. Live files only: an entry that says deleted refers to nothing.</summary>
sealed class Reachable
{
    public HashSet<string> Lists { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, long> Manifests { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, long> Files { get; } = new(StringComparer.Ordinal);

    /// <param name="except">Manifests that need not be looked into.</param>
    /// <param name="mayBeGone">Files of expired snapshots may have been removed by somebody else meanwhile.</param>
    public static async ValueTask<Reachable> FindAsync(TableContext table, TableMetadata metadata, IReadOnlyCollection<LakeSnapshot> snapshots, Reachable? except, bool mayBeGone, CancellationToken cancellationToken)
    {
        var found = new Reachable();
        var manifests = new Dictionary<string, ManifestFile>(StringComparer.Ordinal);
        foreach (var snapshot in snapshots) found.Lists.Add(snapshot.ManifestList);
        foreach (var list in await Ahead.ToListAsync(snapshots, (snapshot, token) => GuardAsync(() => table.ReadListAsync(snapshot, token), mayBeGone), table.Options.Parallelism, cancellationToken))
            foreach (var manifest in list)
                if (except is null || !except.Manifests.ContainsKey(manifest.Path)) manifests[manifest.Path] = manifest;
        foreach (var (path, manifest) in manifests) found.Manifests[path] = manifest.Length;
        foreach (var entries in await Ahead.ToListAsync(manifests.Values, (manifest, token) => GuardAsync(() => table.ReadManifestAsync(manifest, metadata, token), mayBeGone), table.Options.Parallelism, cancellationToken))
            foreach (var entry in entries)
                if (entry.IsLive && (except is null || !except.Files.ContainsKey(entry.File.Path))) found.Files[entry.File.Path] = entry.File.FileBytes;
        return found;
    }

    /// <summary>The keys of all of them in the store, however their locations are spelled; those that lie elsewhere are left out.</summary>
    public HashSet<string> Keys(TableLocations locations) =>
        [.. Lists.Concat(Manifests.Keys).Concat(Files.Keys).Select(location => FindKey(locations, location)).OfType<string>()];

    public static string? FindKey(TableLocations locations, string location)
    {
        try
        {
            return locations.KeyOf(location);
        }
        catch (LakeException e) when (e is not CorruptTableException)
        {
            return null;
        }
    }

    static async ValueTask<IReadOnlyList<T>> GuardAsync<T>(Func<ValueTask<IReadOnlyList<T>>> read, bool mayBeGone)
    {
        try
        {
            return await read();
        }
        catch (CorruptTableException e) when (mayBeGone && e.InnerException is Storage.ObjectNotFoundException)
        {
            return [];
        }
    }
}
