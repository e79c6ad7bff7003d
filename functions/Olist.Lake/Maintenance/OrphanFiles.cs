using Olist.Lake.Metadata;
using Olist.Storage;

namespace Olist.Lake.Maintenance;

/// <summary>Finds and removes files in one table's folder that no snapshot, log or hint refers to.</summary>
sealed class OrphanFiles(LakeTable table, MaintenanceOptions options)
{
    readonly TableContext _context = table.Context;

    public async ValueTask<OrphanResult> RunAsync(CancellationToken cancellationToken)
    {
        var folder = _context.Files.Locations.TableKey + "/";
        var youngest = _context.Time.GetUtcNow() - options.OrphanAge;
        // Listed first, metadata read after: what was committed in between counts as referred to.
        var listed = new List<ObjectInfo>();
        await foreach (var info in _context.Store.ListAsync(folder, cancellationToken)) listed.Add(info);
        await table.RefreshAsync(cancellationToken);
        var needed = await NeededAsync(table.Metadata, cancellationToken);
        var loose = listed.Where(info => !needed.Contains(info.Key) && IsOurs(info.Key)).ToArray();
        var orphans = loose.Where(info => info.LastModified < youngest).ToArray();
        if (!options.DryRun)
        {
            var gone = (await FileRemoval.RemoveAsync(_context.Store, [.. orphans.Select(info => info.Key)], cancellationToken)).ToHashSet(StringComparer.Ordinal);
            orphans = [.. orphans.Where(info => gone.Contains(info.Key))];
        }
        return new OrphanResult(table.Name) { FilesListed = listed.Count, FilesTooYoung = loose.Count(info => info.LastModified >= youngest), Orphans = orphans };
    }

    async ValueTask<HashSet<string>> NeededAsync(TableMetadata metadata, CancellationToken cancellationToken)
    {
        var needed = (await Reachable.FindAsync(_context, metadata, metadata.Snapshots, except: null, mayBeGone: false, cancellationToken)).Keys(_context.Files.Locations);
        needed.Add(_context.Versions.HintKey);
        foreach (var location in metadata.MetadataLog.Select(entry => entry.MetadataFile).Concat(Statistics.Locations(metadata.Others)))
            if (Reachable.FindKey(_context.Files.Locations, location) is { } key) needed.Add(key);
        return needed;
    }

    /// <summary>Data and metadata of this table. Of metadata files only old versions: never the current or a newer one, nor those of another catalog.</summary>
    bool IsOurs(string key)
    {
        var folder = _context.Files.Locations.TableKey;
        if (!key.StartsWith(_context.Versions.FolderKey, StringComparison.Ordinal)) return key.StartsWith(folder + "/data/", StringComparison.Ordinal);
        var name = key[_context.Versions.FolderKey.Length..];
        return MetadataFiles.VersionOf(name) is { } version ? version < table.MetadataVersion : name.EndsWith(".avro", StringComparison.Ordinal) || name.EndsWith(".puffin", StringComparison.Ordinal);
    }
}
