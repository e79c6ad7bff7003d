using Olist.Lake.Commits;
using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Lake.Rest.Updates;
using Olist.Storage;

namespace Olist.Lake.Rest;

/// <summary>Commits of outside engines: requirements checked against the newest version, updates applied in order, published like every other commit.</summary>
sealed class TableCommits(LakeCatalog catalog, Namespaces namespaces, RestCatalogOptions options)
{
    readonly SnapshotGuard _guard = new(options);

    /// <remarks>5xx means to a client that the commit may have happened; so a failure that surely came before it is a 4xx.</remarks>
    public async ValueTask<CatalogResponse> CommitAsync(string space, string table, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var name = Tables.Name(space, table);
        using var document = RequestJson.Parse(body);
        return await CommitAsync(name, RequestJson.Root(document), cancellationToken);
    }

    /// <summary>A list of changes to tables, of which there may be one: two metadata files can't be created at once, and half of a transaction is worse than none.</summary>
    public async ValueTask<CatalogResponse> CommitAllAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var document = RequestJson.Parse(body);
        var root = RequestJson.Root(document);
        var changes = RequestJson.Read(() => root.Get("table-changes").Items().Select(change => (Name: Identifier(change), Change: change)).ToArray());
        if (changes.Length == 0) throw CatalogErrorException.BadRequest($"The request, table-changes: is empty. {RequestJson.Advice}");
        if (changes.Length > 1)
            throw new CatalogErrorException(501, "UnsupportedOperationException",
                $"A transaction over {changes.Length} tables can't be committed as one here, where each table is committed by creating a file. Nothing was changed; commit one table at a time.");
        await CommitAsync(Tables.Name(changes[0].Name.Space, changes[0].Name.Table), changes[0].Change, cancellationToken);
        return RestAnswers.NoContent;
    }

    static (string Space, string Table) Identifier(JsonNodeView change)
    {
        var identifier = change.Get("identifier");
        return (RequestJson.Namespace(identifier.Get("namespace")), identifier.Get("name").AsString());
    }

    async ValueTask<CatalogResponse> CommitAsync(TableName name, JsonNodeView root, CancellationToken cancellationToken)
    {
        var (requirements, updates) = RequestJson.Read(() =>
        {
            CheckIdentifier(root, name);
            return (root.Find("requirements") is { } list ? Requirements.Read(list) : new Requirements(), UpdateList.Read(root.Get("updates")));
        });
        try
        {
            if (requirements.Create) await namespaces.RequireAsync(name.Namespace, cancellationToken);
            return await PublishAsync(name, requirements, updates, cancellationToken);
        }
        catch (StoreException e)
        {
            // The publisher turns what it can't tell into CommitStateUnknownException: this came before.
            throw CatalogErrorException.CommitFailed($"Table {name}: the store did not answer, nothing was committed: {e.Message}", e);
        }
        catch (LakeException e) when (e is not (CatalogErrorException or CommitStateUnknownException))
        {
            throw CatalogErrorException.BadRequest($"{e.Message} Nothing was committed.", e);
        }
    }

    static void CheckIdentifier(JsonNodeView root, TableName name)
    {
        if (root.Find("identifier") is not { } identifier) return;
        if (RequestJson.Namespace(identifier.Get("namespace")) != name.Namespace || identifier.Get("name").AsString() != name.Name)
            throw identifier.Corrupt($"names another table than the path, which says {name}");
    }

    async ValueTask<CatalogResponse> PublishAsync(TableName name, Requirements requirements, UpdateList updates, CancellationToken cancellationToken)
    {
        var head = await catalog.ContextOf(name).Versions.LoadAsync(cancellationToken);
        for (var attempt = 0; ; attempt++)
        {
            requirements.Check(name, head?.Metadata);
            var context = catalog.ContextOf(name, head?.Metadata.Location);
            var draft = head is null ? MetadataDraft.New(context) : MetadataDraft.Of(head.Metadata);
            var next = RequestJson.Read(() =>
            {
                updates.Apply(draft);
                return draft.IsChanged ? draft.Build(context.Time.GetUtcNow()) : null;
            });
            if (next is null) return Answer(context, head!); // a new draft is always a change
            await CheckFilesAsync(context, draft, cancellationToken);
            if (head is not null)
            {
                await _guard.CheckAsync(name, head.Metadata, next, cancellationToken);
                next = CommitLoop.WithLog(context, ExpiredEntries.Note(head.Metadata, next, options.KeepSummaryPrefixes), head);
            }
            var version = new TableVersion((head?.Number ?? 0) + 1, next);
            var publisher = new MetadataPublisher(context.Store, context.Versions, name, context.Time);
            if (await publisher.TryPublishAsync(version.Number, next, context.Files.Locations, draft.AddedSnapshots.LastOrDefault()?.SnapshotId, cancellationToken)) return Answer(context, version);

            var waits = new CommitWaits(next.Properties, name, context.Ids);
            if (attempt >= waits.Retries) throw CatalogErrorException.CommitFailed($"Table {name}: other writers won {attempt + 1} times in a row. Nothing was committed; try again.");
            await Task.Delay(waits.Next(attempt), context.Time, cancellationToken);
            head = await context.Versions.LoadAsync(cancellationToken);
        }
    }

    static CatalogResponse Answer(TableContext context, TableVersion version) =>
        RestAnswers.Table(context.Files.Locations.LocationOf(context.Versions.KeyOf(version.Number)), TableMetadataWriter.Write(version.Metadata), null, Tables.TagOf(version));

    /// <summary>A snapshot whose list or new manifests are not there, or lie elsewhere, would make the table unreadable.</summary>
    static async ValueTask CheckFilesAsync(TableContext context, MetadataDraft draft, CancellationToken cancellationToken)
    {
        foreach (var snapshot in draft.AddedSnapshots)
        {
            var manifests = await ManifestLists.ReadAsync(context.Files, snapshot.ManifestList, cancellationToken);
            foreach (var manifest in manifests.Where(manifest => manifest.AddedSnapshotId == snapshot.SnapshotId))
            {
                if (await context.Store.FindAsync(context.Files.Locations.KeyOf(manifest.Path), cancellationToken) is null)
                    throw CatalogErrorException.BadRequest($"Snapshot {snapshot.SnapshotId}: its manifest {manifest.Path} does not exist. Nothing was committed.");
                if (draft.Metadata.Specs.All(spec => spec.SpecId != manifest.SpecId))
                    throw CatalogErrorException.BadRequest($"Snapshot {snapshot.SnapshotId}: its manifest {manifest.Path} uses partition spec {manifest.SpecId}, which the table has not. Nothing was committed.");
            }
        }
    }
}
