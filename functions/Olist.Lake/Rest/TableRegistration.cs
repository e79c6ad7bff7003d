using Olist.Lake.Commits;
using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Storage;

namespace Olist.Lake.Rest;

/// <summary>Takes a table into the catalog that lies in its folder already, but whose versions another catalog has named: a copy of its metadata becomes version 1.</summary>
/// <remarks>Atomic by create-if-absent, like making a table. The file that was given stays; whoever goes on writing through the other catalog writes to another table from here on.</remarks>
sealed class TableRegistration(LakeCatalog catalog, Namespaces namespaces, RestCatalogOptions options)
{
    public async ValueTask<CatalogResponse> RegisterAsync(string space, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var document = RequestJson.Parse(body);
        var root = RequestJson.Root(document);
        var (name, location, overwrites) = RequestJson.Read(() => (root.Get("name").AsString(), root.Get("metadata-location").AsString(), root.Find("overwrite")?.AsBool() ?? false));
        await namespaces.RequireAsync(space, cancellationToken);
        if (!TableName.IsIdentifier(name))
            throw CatalogErrorException.BadRequest($"The request, name: '{name}' can't be a table's name; expected lower-case letters, digits and _, not starting with a digit.");
        if (overwrites) throw CatalogErrorException.Unsupported("Registering over a table that is there (overwrite)");
        var table = new TableName(space, name);
        var context = catalog.ContextOf(table);
        if (await ExistsAsync(context, cancellationToken)) throw CatalogErrorException.Exists($"Table {table} exists already.");

        var metadata = await ReadAsync(context, table, location, cancellationToken);
        var entry = new MetadataLogEntry(metadata.LastUpdatedMs, location);
        metadata = metadata with { MetadataLog = [entry] };
        if (!await new MetadataPublisher(catalog.Store, context.Versions, table, context.Time).TryPublishAsync(1, metadata, context.Files.Locations, addedSnapshotId: null, cancellationToken))
            throw CatalogErrorException.Exists($"Table {table} exists already.");
        return RestAnswers.Table(context.Files.Locations.LocationOf(context.Versions.KeyOf(1)), TableMetadataWriter.Write(metadata), options.StorageConfig, Tables.TagOf(new TableVersion(1, metadata)));
    }

    static async ValueTask<bool> ExistsAsync(TableContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await context.Versions.LoadAsync(cancellationToken) is not null;
        }
        catch (NotATableException)
        {
            return false; // Files that another catalog has named are what is to be registered.
        }
    }

    /// <exception cref="CatalogErrorException">400: no metadata of a table that could be read under this name.</exception>
    async ValueTask<TableMetadata> ReadAsync(TableContext context, TableName table, string location, CancellationToken cancellationToken)
    {
        try
        {
            var metadata = TableMetadataReader.Read(await context.Files.ReadAsync(location, cancellationToken), location);
            // Its files are looked for below its folder, and only there.
            if (metadata.Location.TrimEnd('/') != context.Files.Locations.LocationOf(context.Files.Locations.TableKey + "/").TrimEnd('/'))
                throw CatalogErrorException.BadRequest($"{location}: the table lies at {metadata.Location}, but {table} would lie in {catalog.Store.RootUri}/{table.Namespace}/{table.Name}. Register it under the name of its folder, or copy its rows into a new table; nothing was changed.");
            foreach (var snapshot in metadata.Snapshots)
                foreach (var manifest in await ManifestLists.ReadAsync(context.Files, snapshot.ManifestList, cancellationToken))
                    if (snapshot.SnapshotId == metadata.CurrentSnapshotId) _ = await context.ReadManifestAsync(manifest, metadata, cancellationToken);
            return metadata;
        }
        catch (LakeException e) when (e is not CatalogErrorException)
        {
            throw CatalogErrorException.BadRequest($"Table {table} can't be registered: {e.Message} Nothing was changed.", e);
        }
    }
}
