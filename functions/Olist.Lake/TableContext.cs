using Olist.Lake.Commits;
using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Storage;

namespace Olist.Lake;

/// <summary>What the parts of one open table share. Safe to use from many threads.</summary>
sealed class TableContext(IObjectStore store, TableName name, string tableKey, string tableLocation, LakeOptions options, IdSource ids, TableCache cache, TableCache places, TimeProvider time)
{
    public IObjectStore Store => store;
    public TableName Name => name;
    public LakeOptions Options => options;
    public IdSource Ids => ids;
    public TableCache Cache => cache;

    /// <summary>Of look-ups; weights are bytes.</summary>
    public TableCache Places => places;

    public TimeProvider Time => time;
    public MetadataFiles Versions { get; } = new(store, tableKey, name);
    public TableFiles Files { get; } = new(store, name, new TableLocations(store, tableKey, tableLocation));

    public ValueTask<IReadOnlyList<ManifestFile>> ReadListAsync(LakeSnapshot snapshot, CancellationToken cancellationToken) =>
        cache.GetAsync(snapshot.ManifestList, () => ManifestLists.ReadAsync(Files, snapshot.ManifestList, cancellationToken), ManifestLists.Weigh);

    public ValueTask<IReadOnlyList<ManifestEntry>> ReadManifestAsync(ManifestFile manifest, TableMetadata metadata, CancellationToken cancellationToken) =>
        cache.GetAsync(NameOf(manifest, metadata), () => ManifestReader.ReadAsync(Files, manifest, metadata, cancellationToken), ManifestReader.Weigh);

    /// <summary>The entries when they have been read before, else null.</summary>
    public IReadOnlyList<ManifestEntry>? FindManifest(ManifestFile manifest, TableMetadata metadata) => cache.Find<IReadOnlyList<ManifestEntry>>(NameOf(manifest, metadata));

    // Numbers that entries inherit come from the list, and a rebased commit gives the same manifest another one. Partition values have the type of their source, which may widen.
    static string NameOf(ManifestFile manifest, TableMetadata metadata) => $"{manifest.Path}#{manifest.Sequence}{TypesOf(metadata.GetSpec(manifest.SpecId), metadata)}";

    /// <summary>The same table through another view of its store.</summary>
    public TableContext Through(IObjectStore view) => new(view, name, tableKey, tableLocation, options, ids, cache, places, time);

    static string TypesOf(PartitionSpec spec, TableMetadata metadata) => spec.IsUnpartitioned ? "" : "#" + string.Join(',', spec.ResultTypes(metadata.Schemas.Reverse()));
}
