using Olist.Lake.Metadata;
using Olist.Storage;

namespace Olist.Lake.Rest;

/// <summary>Tables that are there: load, exists, drop.</summary>
sealed class Tables(LakeCatalog catalog, RestCatalogOptions options)
{
    /// <exception cref="CatalogErrorException">404: no table can be called that, or there is none.</exception>
    public static TableName Name(string space, string table) => TableName.IsIdentifier(space) && TableName.IsIdentifier(table)
        ? new TableName(space, table)
        // Also for a missing namespace: engines ask for orders.snapshots this way, and only this type sends them to their metadata tables.
        : throw CatalogErrorException.NoTable(space, table);

    async ValueTask<(TableContext Context, TableVersion Version)> FindAsync(string space, string table, CancellationToken cancellationToken)
    {
        var name = Name(space, table);
        var version = await catalog.ContextOf(name).Versions.LoadAsync(cancellationToken) ?? throw CatalogErrorException.NoTable(space, table);
        return (catalog.ContextOf(name, version.Metadata.Location), version);
    }

    public async ValueTask<CatalogResponse> ExistsAsync(string space, string table, CancellationToken cancellationToken)
    {
        await FindAsync(space, table, cancellationToken);
        return RestAnswers.NoContent;
    }

    /// <param name="refsOnly">Only the snapshots that branches and tags point to: the others make a busy table's document large, and few readers need them.</param>
    public async ValueTask<CatalogResponse> LoadAsync(string space, string table, bool refsOnly, string? ifNoneMatch, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (context, version) = await FindAsync(space, table, cancellationToken);
            var etag = refsOnly ? TagOf(version)[..^1] + "-refs\"" : TagOf(version);
            if (ifNoneMatch == etag) return new CatalogResponse(304, ETag: etag);
            var key = context.Versions.KeyOf(version.Number);
            try
            {
                var content = refsOnly ? TableMetadataWriter.Write(OnlyRefs(version.Metadata)) : await catalog.Store.ReadAsync(key, cancellationToken);
                return RestAnswers.Table(context.Files.Locations.LocationOf(key), content, options.StorageConfig, etag);
            }
            catch (ObjectNotFoundException)
            {
                // Cleaned away between the two reads: there are newer ones, or the table was dropped.
            }
        }
    }

    static TableMetadata OnlyRefs(TableMetadata metadata)
    {
        var kept = metadata.Refs.Values.Select(reference => reference.SnapshotId).ToHashSet();
        return metadata.Keep(kept.Contains);
    }

    public static string TagOf(TableVersion version) => $"\"v{version.Number}-{version.Metadata.TableUuid}\"";

    /// <summary>Takes the table away: first what readers start from, then all versions, then (only if asked) its files.</summary>
    public async ValueTask<CatalogResponse> DropAsync(string space, string table, bool purge, CancellationToken cancellationToken)
    {
        var name = Name(space, table);
        var context = catalog.ContextOf(name);
        if (!await HasVersionsAsync(context, cancellationToken)) throw CatalogErrorException.NoTable(space, table);
        if (options.KeptNamespaces.Contains(space))
            throw new CatalogErrorException(403, "ForbiddenException", $"Table {name} belongs to the pipeline, which keeps writing to it; it can't be dropped from outside.");
        await catalog.Store.DeleteAsync(context.Versions.HintKey, cancellationToken);
        // A writer that was about to commit may add one version more.
        while (await HasVersionsAsync(context, cancellationToken))
            foreach (var key in await ListAsync(context.Versions.FolderKey + "v", cancellationToken)) await catalog.Store.DeleteAsync(key, cancellationToken);
        if (purge)
            foreach (var key in await ListAsync(context.Files.Locations.TableKey + "/", cancellationToken)) await catalog.Store.DeleteAsync(key, cancellationToken);
        return RestAnswers.NoContent;
    }

    async ValueTask<bool> HasVersionsAsync(TableContext context, CancellationToken cancellationToken) =>
        (await ListAsync(context.Versions.FolderKey + "v", cancellationToken)).Any(key => MetadataFiles.VersionOf(key[context.Versions.FolderKey.Length..]) is not null);

    async ValueTask<List<string>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        await foreach (var info in catalog.Store.ListAsync(prefix, cancellationToken)) keys.Add(info.Key);
        return keys;
    }
}
