using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Lake.Scans;

namespace Olist.Lake.Commits;

/// <summary>Keeps the number of manifests small at a cost that does not grow with the history.</summary>
/// <remarks>
/// Manifests fall into size classes by their live files: below N, below N², and so on (N is <see cref="TableProperties.ManifestsToMerge"/>). When N of one spec, kind and class have piled up
/// they become one of the next class, so each entry is rewritten once per class and a table of a million commits has some hundred manifests.
/// </remarks>
sealed class ManifestMerger(TableContext table, TableMetadata metadata)
{
    const int MaxFilesPerManifest = 50_000;

    readonly int _limit = (int)Math.Clamp(TableProperties.GetLong(metadata.Properties, TableProperties.ManifestsToMerge, TableProperties.ManifestsToMergeDefault, $"Table {table.Name}"), 2, 10_000);

    /// <summary>The manifests to list instead of those given; merged ones belong to the snapshot and come first.</summary>
    public async ValueTask<List<ManifestFile>> MergeAsync(IReadOnlyList<ManifestFile> manifests, long snapshotId, Func<string> nextFileName, CancellationToken cancellationToken)
    {
        if (!TableProperties.GetBool(metadata.Properties, TableProperties.MergeManifests, fallback: true)) return [.. manifests];
        var merged = new List<ManifestFile>();
        var replaced = new HashSet<ManifestFile>(ReferenceEqualityComparer.Instance);
        foreach (var group in manifests.GroupBy(manifest => (manifest.SpecId, manifest.IsDeletes, Class: ClassOf(manifest.LiveFiles))))
        {
            if (group.Count() < _limit || group.Sum(manifest => manifest.LiveFiles) > MaxFilesPerManifest) continue;
            merged.Add(await MergeAsync([.. group], snapshotId, nextFileName(), cancellationToken));
            replaced.UnionWith(group);
        }
        merged.AddRange(manifests.Where(manifest => !replaced.Contains(manifest)));
        return merged;
    }

    int ClassOf(int files)
    {
        var size = 0;
        for (long limit = _limit; files >= limit; limit *= _limit) size++;
        return size;
    }

    /// <summary>Live entries keep their snapshot and their numbers, as existing ones; entries of files that are gone are dropped.</summary>
    async ValueTask<ManifestFile> MergeAsync(IReadOnlyList<ManifestFile> group, long snapshotId, string fileName, CancellationToken cancellationToken)
    {
        var read = await Ahead.ToListAsync(group, (manifest, token) => table.ReadManifestAsync(manifest, metadata, token), table.Options.Parallelism, cancellationToken);
        var entries = read.SelectMany(all => all).Where(entry => entry.IsLive).Select(entry => entry with { Status = EntryStatus.Existing }).ToArray();
        return await ManifestWriter.WriteAsync(table.Files, fileName, metadata, metadata.GetSpec(group[0].SpecId), group[0].IsDeletes, entries, snapshotId, cancellationToken);
    }
}
