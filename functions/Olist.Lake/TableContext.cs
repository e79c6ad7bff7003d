using Olist.Lake.Commits;
using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Storage;

namespace Olist.Lake;

/// <summary>What the parts of one open table share. Safe to use from many threads.</summary>
sealed class TableContext(IObjectStore store, TableName name, string tableKey, string tableLocation, LakeOptions options, IdSource ids, TableCache cache, TableCache places, KnownVersions known, TimeProvider time)
{
    public IObjectStore Store => store;
    public TableName Name => name;
    public LakeOptions Options => options;
    public IdSource Ids => ids;
    public TableCache Cache => cache;

    /// <summary>Of look-ups; weights are bytes.</summary>
    public TableCache Places => places;

    /// <summary>Of all tables of the catalog.</summary>
    public KnownVersions Known => known;

    public TimeProvider Time => time;
    public MetadataFiles Versions { get; } = new(store, tableKey, name);
    public TableFiles Files { get; } = new(store, name, new TableLocations(store, tableKey, tableLocation));

    public ValueTask<IReadOnlyList<ManifestFile>> ReadListAsync(LakeSnapshot snapshot, CancellationToken cancellationToken) =>
        cache.GetAsync(snapshot.ManifestList, () => ManifestLists.ReadAsync(Files, snapshot.ManifestList, cancellationToken), ManifestLists.Weigh);

    public ValueTask<IReadOnlyList<ManifestEntry>> ReadManifestAsync(ManifestFile manifest, TableMetadata metadata, CancellationToken cancellationToken) =>
        cache.GetAsync(NameOf(manifest, metadata), () => ManifestReader.ReadAsync(Files, manifest, metadata, cancellationToken), ManifestReader.Weigh);

    /// <summary>The entries when they have been read before, else null.</summary>
    public IReadOnlyList<ManifestEntry>? FindManifest(ManifestFile manifest, TableMetadata metadata) => cache.Find<IReadOnlyList<ManifestEntry>>(NameOf(manifest, metadata));

    /// <summary>Keeps the entries of a manifest that was just written, as they would be read: the next look at the table wants them.</summary>
    /// <param name="manifest">As it is listed, with its number.</param>
    public void Keep(ManifestFile manifest, TableMetadata metadata, IReadOnlyList<ManifestEntry> entries)
    {
        ManifestEntry[] read = [.. entries.Select(entry => entry with { Sequence = Inherited(entry.Sequence), FileSequence = Inherited(entry.FileSequence) })];
        cache.Put(NameOf(manifest, metadata), read, ManifestReader.Weigh(read));

        long Inherited(long number) => number == ManifestWriter.Unassigned ? manifest.Sequence : number;
    }

    // Numbers that entries inherit come from the list, and a rebased commit gives the same manifest another one. Partition values have the type of their source, which may widen.
    static string NameOf(ManifestFile manifest, TableMetadata metadata) => $"{manifest.Path}#{manifest.Sequence}{TypesOf(metadata.GetSpec(manifest.SpecId), metadata)}";

    /// <summary>The same table through another view of its store.</summary>
    public TableContext Through(IObjectStore view) => new(view, name, tableKey, tableLocation, options, ids, cache, places, known, time);

    static string TypesOf(PartitionSpec spec, TableMetadata metadata) => spec.IsUnpartitioned ? "" : "#" + string.Join(',', spec.ResultTypes(metadata.Schemas.Reverse()));
}
