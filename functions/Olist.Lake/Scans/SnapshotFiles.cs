using Olist.Lake.Manifests;
using Olist.Lake.Metadata;

namespace Olist.Lake.Scans;

/// <summary>The files of one snapshot, as far as a pruner lets them through.</summary>
sealed class SnapshotFiles
{
    SnapshotFiles(IReadOnlyList<LiveFile> data, IReadOnlyList<LiveFile> deletes)
    {
        Data = data;
        Deletes = deletes;
    }

    /// <summary>In the order of the manifest list: newest first.</summary>
    public IReadOnlyList<LiveFile> Data { get; }

    /// <summary>All delete files; which of them matter is for <see cref="DeleteFilter"/> to say.</summary>
    public IReadOnlyList<LiveFile> Deletes { get; }

    public static SnapshotFiles Empty { get; } = new([], []);

    public static async ValueTask<SnapshotFiles> LoadAsync(TableContext table, TableMetadata metadata, LakeSnapshot? snapshot, FilePruner pruner, CancellationToken cancellationToken,
        Func<ManifestFile, bool>? dataManifests = null)
    {
        if (snapshot is null) return Empty;
        var list = await table.ReadListAsync(snapshot, cancellationToken);
        var wanted = list.Where(manifest => manifest.LiveFiles > 0 && (manifest.IsDeletes || ((dataManifests is null || dataManifests(manifest)) && pruner.MayMatch(manifest)))).ToArray();
        var read = await Ahead.ToListAsync(wanted, manifest => table.FindManifest(manifest, metadata), (manifest, token) => table.ReadManifestAsync(manifest, metadata, token), table.Options.Parallelism, cancellationToken);
        var data = new List<LiveFile>();
        var deletes = new List<LiveFile>();
        foreach (var (manifest, entries) in wanted.Zip(read))
            foreach (var entry in entries)
            {
                if (!entry.IsLive || (!manifest.IsDeletes && !pruner.MayMatch(entry.File, manifest.SpecId))) continue;
                (manifest.IsDeletes ? deletes : data).Add(new LiveFile(entry.File, manifest.SpecId, entry.SnapshotId, entry.Sequence));
            }
        return new SnapshotFiles(data, deletes);
    }
}
