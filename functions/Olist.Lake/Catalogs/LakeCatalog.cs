using Olist.Lake.Catalogs;
using Olist.Lake.Commits;
using Olist.Lake.Metadata;
using Olist.Storage;

namespace Olist.Lake;

/// <summary>All tables under one root: <c>root/namespace/table</c>, found without a catalog service (version-hint.text, vN.metadata.json).</summary>
/// <remarks>Safe to use from many threads. The store belongs to the caller.</remarks>
public sealed class LakeCatalog
{
    readonly LakeOptions _options;
    readonly TimeProvider _time;
    readonly IdSource _ids;
    readonly TableCache _cache;
    readonly TableCache _places;
    readonly KnownVersions _versions = new();

    LakeCatalog(IObjectStore store, LakeOptions options, TimeProvider time)
    {
        Store = store;
        _options = options;
        _time = time;
        _ids = new IdSource(options.Seed);
        _cache = new TableCache(options.CacheBytes);
        _places = new TableCache(options.LookupCacheBytes);
    }

    public IObjectStore Store { get; }

    /// <summary>Opens a lake, making it where there is nothing; refuses a folder that is not empty and is no lake.</summary>
    /// <exception cref="LakeException">It holds something else.</exception>
    public static ValueTask<LakeCatalog> OpenAsync(IObjectStore store, TimeProvider time, CancellationToken cancellationToken = default) =>
        OpenAsync(store, time, new LakeOptions(), cancellationToken);

    public static ValueTask<LakeCatalog> OpenAsync(IObjectStore store, TimeProvider time, LakeOptions options, CancellationToken cancellationToken = default) =>
        OpenAsync(store, time, options, mayCreate: true, cancellationToken);

    /// <summary>Opens a lake that must exist: for commands that only read.</summary>
    /// <exception cref="LakeException">There is none.</exception>
    public static ValueTask<LakeCatalog> OpenExistingAsync(IObjectStore store, TimeProvider time, LakeOptions? options = null, CancellationToken cancellationToken = default) =>
        OpenAsync(store, time, options ?? new LakeOptions(), mayCreate: false, cancellationToken);

    static async ValueTask<LakeCatalog> OpenAsync(IObjectStore store, TimeProvider time, LakeOptions options, bool mayCreate, CancellationToken cancellationToken)
    {
        await LakeMarker.OpenAsync(store, mayCreate, cancellationToken);
        return new LakeCatalog(store, options, time);
    }

    /// <summary>All tables, by namespace and name. Only folders are looked at, not their files.</summary>
    public async ValueTask<IReadOnlyList<TableName>> ListTablesAsync(CancellationToken cancellationToken = default)
    {
        var tables = new List<TableName>();
        await foreach (var space in Store.ListFoldersAsync("", cancellationToken))
        {
            if (TableName.IsIdentifier(space)) tables.AddRange(await ListTablesAsync(space, cancellationToken));
        }
        return tables;
    }

    /// <summary>The tables of one namespace, by name; none when there is no such namespace.</summary>
    internal async ValueTask<IReadOnlyList<TableName>> ListTablesAsync(string space, CancellationToken cancellationToken)
    {
        var tables = new List<TableName>();
        await foreach (var table in Store.ListFoldersAsync(space + "/", cancellationToken))
            if (TableName.IsIdentifier(table) && await HasMetadataAsync($"{space}/{table}", cancellationToken)) tables.Add(new TableName(space, table));
        return tables;
    }

    async ValueTask<bool> HasMetadataAsync(string tableKey, CancellationToken cancellationToken)
    {
        await foreach (var _ in Store.ListAsync(tableKey + "/metadata/v", cancellationToken)) return true;
        return false;
    }

    /// <exception cref="NotATableException">The folder's metadata is of another kind.</exception>
    public async ValueTask<LakeTable?> FindTableAsync(TableName name, CancellationToken cancellationToken = default)
    {
        var version = await _versions.LoadAsync(new MetadataFiles(Store, KeyOf(name), name), cancellationToken);
        return version is null ? null : Open(name, version);
    }

    /// <exception cref="NotATableException">There is no such table.</exception>
    public async ValueTask<LakeTable> GetTableAsync(TableName name, CancellationToken cancellationToken = default) =>
        await FindTableAsync(name, cancellationToken)
        ?? throw new NotATableException($"There is no table {name} in {Store.RootUri}; it has {string.Join(", ", (await ListTablesAsync(cancellationToken)).DefaultIfEmpty())}.");

    /// <summary>Loads the table, making it first when there is none; racing creators agree.</summary>
    /// <exception cref="LakeException">The definition contradicts itself or the table that exists.</exception>
    public async ValueTask<LakeTable> EnsureTableAsync(TableName name, TableDefinition definition, CancellationToken cancellationToken = default)
    {
        if (await FindTableAsync(name, cancellationToken) is { } existing)
        {
            NewTable.CheckFits(name, definition, existing.Schema);
            return existing;
        }
        var key = KeyOf(name);
        var versions = new MetadataFiles(Store, key, name);
        var metadata = NewTable.Create(name, definition, $"{Store.RootUri}/{key}", _ids.NextUuid(), _time.GetUtcNow());
        var locations = new TableLocations(Store, key, metadata.Location);
        if (await new MetadataPublisher(Store, versions, name, _time).TryPublishAsync(1, metadata, locations, addedSnapshotId: null, cancellationToken)) return Open(name, new TableVersion(1, metadata));
        var winner = await GetTableAsync(name, cancellationToken);
        NewTable.CheckFits(name, definition, winner.Schema);
        return winner;
    }

    static string KeyOf(TableName name) => $"{name.Namespace}/{name.Name}";

    LakeTable Open(TableName name, TableVersion version) => new(ContextOf(name, version.Metadata.Location), version);

    /// <param name="location">Of the table; null: where a new one lies.</param>
    internal TableContext ContextOf(TableName name, string? location = null) =>
        new(Store, name, KeyOf(name), location ?? $"{Store.RootUri}/{KeyOf(name)}", _options, _ids, _cache, _places, _versions, _time);
}
