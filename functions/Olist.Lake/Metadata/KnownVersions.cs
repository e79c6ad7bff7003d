using System.Collections.Concurrent;

namespace Olist.Lake.Metadata;

/// <summary>The versions that tables were last seen at: opening one again asks whether it is still the newest, and reads nothing when it is.</summary>
sealed class KnownVersions
{
    readonly ConcurrentDictionary<string, TableVersion> _known = new(StringComparer.Ordinal);

    /// <summary>The current version, or null when there is no table.</summary>
    public async ValueTask<TableVersion?> LoadAsync(MetadataFiles files, CancellationToken cancellationToken)
    {
        // Size and time of the file tell a table that was dropped and made again with as many versions.
        if (_known.TryGetValue(files.FolderKey, out var known) && !await files.ExistsAsync(known.Number + 1, cancellationToken) && await files.FindAsync(known.Number, cancellationToken) is { } file && file == known.File) return known;
        var loaded = await files.LoadAsync(cancellationToken);
        if (loaded?.File is not null) _known[files.FolderKey] = loaded;
        else _known.TryRemove(files.FolderKey, out _);
        return loaded;
    }
}
