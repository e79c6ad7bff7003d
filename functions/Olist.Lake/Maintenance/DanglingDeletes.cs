using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Lake.Scans;

namespace Olist.Lake.Maintenance;

/// <summary>Delete files that apply to none of some data files.</summary>
static class DanglingDeletes
{
    public static async ValueTask<List<LiveFile>> FindAsync(TableContext table, TableMetadata metadata, IReadOnlyList<LiveFile> data, IReadOnlyList<LiveFile> deletes, CancellationToken cancellationToken)
    {
        var byPath = data.ToDictionary(file => file.File.Path, StringComparer.Ordinal);
        var oldest = data.GroupBy(file => (file.SpecId, file.Partition)).ToDictionary(group => group.Key, group => group.Min(file => file.Sequence));
        var oldestOfAll = data.Count == 0 ? long.MaxValue : data.Min(file => file.Sequence);
        var dangling = new List<LiveFile>();
        foreach (var delete in deletes)
        {
            if (delete.File.Content == FileContent.EqualityDeletes)
            {
                var least = metadata.GetSpec(delete.SpecId).IsUnpartitioned ? oldestOfAll : oldest.GetValueOrDefault((delete.SpecId, delete.Partition), long.MaxValue);
                if (least >= delete.Sequence) dangling.Add(delete);
            }
            else if (!await AppliesAsync(table, delete, byPath, cancellationToken)) dangling.Add(delete);
        }
        return dangling;
    }

    static async ValueTask<bool> AppliesAsync(TableContext table, LiveFile delete, Dictionary<string, LiveFile> byPath, CancellationToken cancellationToken)
    {
        bool Hits(string path) => byPath.TryGetValue(path, out var data) && data.Sequence <= delete.Sequence && data.SpecId == delete.SpecId && data.Partition.Equals(delete.Partition);
        if (delete.File.ReferencedDataFile is { } only) return Hits(only);
        var rows = await PositionDeleteFile.LoadAsync(table, delete.File, cancellationToken);
        return rows.ByPath.Keys.Any(Hits);
    }
}
