using Olist.Lake;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Pipeline.Steps.Batch;

/// <summary>The snapshots that steps of the batch layer will read on from: expiry must not take them.</summary>
public static class WatermarkSnapshots
{
    /// <returns>By source, the watermark of each step that reads it. A step that has not run yet reads in full and needs none.</returns>
    public static async Task<IReadOnlyDictionary<TableName, IReadOnlyCollection<long>>> FindAsync(LakeTables tables, CancellationToken cancellationToken)
    {
        var found = new Dictionary<TableName, HashSet<long>>();
        foreach (var step in BatchPlan.Steps)
        {
            if (await tables.FindAsync(step.Target, cancellationToken) is not { } target) continue;
            foreach (var source in step.Sources)
            {
                if (Watermarks.Find(target, source) is not { } watermark) continue;
                var name = TableName.Parse(source);
                if (!found.TryGetValue(name, out var snapshots)) found[name] = snapshots = [];
                snapshots.Add(watermark);
            }
        }
        return found.ToDictionary(pair => pair.Key, pair => (IReadOnlyCollection<long>)pair.Value);
    }
}
