using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Lake.Scans;

namespace Olist.Lake.Maintenance;

/// <summary>What a compaction of one snapshot rewrites and drops. Immutable.</summary>
sealed class CompactionPlan
{
    /// <summary>Manifests with fewer live files are small.</summary>
    public const int SmallManifest = 256;

    /// <summary>Small manifests that are one too many, even if no data file has to be rewritten.</summary>
    const int MaxSmallManifests = 16;

    CompactionPlan(TableMetadata metadata, LakeSnapshot start, SnapshotFiles files, DeleteFilter deletes, IReadOnlyList<ManifestFile> manifests)
    {
        Metadata = metadata;
        Start = start;
        Files = files;
        Deletes = deletes;
        Manifests = manifests;
    }

    public TableMetadata Metadata { get; }

    /// <summary>The snapshot whose files are rewritten.</summary>
    public LakeSnapshot Start { get; }

    public SnapshotFiles Files { get; }
    public DeleteFilter Deletes { get; }
    public IReadOnlyList<ManifestFile> Manifests { get; }
    public IReadOnlyList<CompactionBin> Bins { get; private init; } = [];

    /// <summary>Delete files that apply to nothing once the bins are rewritten.</summary>
    public IReadOnlyList<LiveFile> DroppedDeletes { get; private init; } = [];

    public IEnumerable<LiveFile> Rewritten => Bins.SelectMany(bin => bin.Files);

    public bool IsEmpty => Bins.Count == 0 && DroppedDeletes.Count == 0 && Manifests.Count(manifest => manifest.LiveFiles < SmallManifest) <= MaxSmallManifests;

    public static async ValueTask<CompactionPlan> MakeAsync(TableContext table, TableMetadata metadata, LakeSnapshot start, MaintenanceOptions options, CancellationToken cancellationToken)
    {
        var files = await SnapshotFiles.LoadAsync(table, metadata, start, FilePruner.None(metadata), cancellationToken);
        var packer = new BinPacker(metadata, table.Name, options);
        var tiers = packer.IsTiered(files) ? packer.PackTiers(files) : null;
        // Of a tiered compaction only the files in its bins matter, and mostly there are none.
        var deletes = await DeleteFilter.LoadAsync(table, metadata, metadata.CurrentSchema, tiers is null ? files.Data : [.. tiers.SelectMany(bin => bin.Files)], files.Deletes, cancellationToken);
        var bins = tiers ?? packer.Pack(files, deletes);
        var rewritten = bins.SelectMany(bin => bin.Files).Select(file => file.File.Path).ToHashSet(StringComparer.Ordinal);
        var remaining = files.Data.Where(file => !rewritten.Contains(file.File.Path)).ToArray();
        var manifests = (await table.ReadListAsync(start, cancellationToken)).Where(manifest => manifest.LiveFiles > 0).ToArray();
        return new CompactionPlan(metadata, start, files, deletes, manifests)
        {
            Bins = bins,
            DroppedDeletes = tiers is { Count: 0 } ? [] : await DanglingDeletes.FindAsync(table, metadata, remaining, files.Deletes, cancellationToken),
        };
    }
}
