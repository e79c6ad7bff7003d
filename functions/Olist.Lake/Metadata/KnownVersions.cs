using System.Collections.Concurrent;
using Olist.Storage;

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

    /// <summary>Takes a version that was just written, so that the next to open the table need not read it back.</summary>
    public async ValueTask NoteAsync(MetadataFiles files, TableVersion written)
    {
        // A first version might be that of a table which was made anew since, of the same size and in the same instant.
        if (written.Number == 1) return;
        try
        {
            if (await files.FindAsync(written.Number, CancellationToken.None) is { } file) _known[files.FolderKey] = written with { File = file };
        }
        catch (StoreException)
        {
            // Then it is read: the commit has happened, whatever a look at it says.
        }
    }
}
