using Olist.Lake.Metadata;
using Olist.Lake.Rest.Updates;

namespace Olist.Lake.Rest;

/// <summary>Makes tables, or (staged) only the metadata that a later commit with <c>assert-create</c> stores.</summary>
sealed class TableCreation(LakeCatalog catalog, Namespaces namespaces, RestCatalogOptions options)
{
    public async ValueTask<CatalogResponse> CreateAsync(string space, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var document = RequestJson.Parse(body);
        var root = RequestJson.Root(document);
        var name = RequestJson.Read(() => root.Get("name").AsString());
        await namespaces.RequireAsync(space, cancellationToken);
        if (!TableName.IsIdentifier(name))
            throw CatalogErrorException.BadRequest($"The request, name: '{name}' can't be a table's name; expected lower-case letters, digits and _, not starting with a digit.");
        var table = new TableName(space, name);
        var context = catalog.ContextOf(table);
        var exists = CatalogErrorException.Exists($"Table {table} exists already.");
        if (await context.Versions.LoadAsync(cancellationToken) is not null) throw exists;

        var metadata = RequestJson.Read(() => Build(root, context));
        var content = TableMetadataWriter.Write(metadata);
        if (root.Find("stage-create")?.AsBool() ?? false) return RestAnswers.Table(null, content, options.StorageConfig, null);
        if (!await new MetadataPublisher(catalog.Store, context.Versions, table, context.Time).TryPublishAsync(1, metadata, context.Files.Locations, addedSnapshotId: null, cancellationToken)) throw exists;
        return RestAnswers.Table(context.Files.Locations.LocationOf(context.Versions.KeyOf(1)), content, options.StorageConfig, Tables.TagOf(new TableVersion(1, metadata)));
    }

    static TableMetadata Build(JsonNodeView root, TableContext context)
    {
        _ = root.Find("stage-create")?.AsBool();
        var draft = MetadataDraft.New(context);
        if (root.Find("location") is { } location) draft.SetLocation(location);
        // Engines number fields as they like, even from 0; a new table numbers them afresh.
        var ids = new FreshIds();
        SchemaUpdates.Add(draft, ids.Assign(StrictSchema.Read(root.Get("schema"), lowestId: 0)), root.Get("schema"));
        draft.SetCurrentSchema(MetadataDraft.LastAdded, root);
        if (root.Find("partition-spec") is { } spec) SpecUpdates.Add(draft, spec, ids);
        else SpecUpdates.AddUnpartitioned(draft);
        draft.SetDefaultSpec(MetadataDraft.LastAdded, root);
        if (root.Find("write-order") is { } order)
        {
            SortOrderUpdates.Add(draft, order, ids);
            draft.SetDefaultSortOrder(MetadataDraft.LastAdded, root);
        }
        foreach (var (key, value) in TableProperties.Defaults) draft.Properties[key] = value;
        if (root.Find("properties") is { } properties) PropertyUpdates.Set(draft, properties);
        return draft.Build(context.Time.GetUtcNow());
    }
}
