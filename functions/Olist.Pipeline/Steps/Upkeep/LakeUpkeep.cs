using Olist.Lake;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Pipeline.Steps.Upkeep;

/// <summary>Maintenance of all tables that leaves what the batch layer still has to read: every snapshot that a watermark names.</summary>
public static class LakeUpkeep
{
    /// <summary>Options with the watermarks of all steps in them. To be made right before they are used: watermarks move.</summary>
    public static async Task<MaintenanceOptions> WithWatermarksAsync(LakeTables lake, MaintenanceOptions options, CancellationToken cancellationToken)
    {
        var needed = new Dictionary<TableName, IReadOnlyCollection<long>>(options.KeepSnapshots);
        foreach (var step in BatchPlan.Steps)
        {
            if (await lake.FindAsync(step.Target, cancellationToken) is not { } target) continue;
            foreach (var source in step.Sources)
            {
                if (Watermarks.Find(target, source) is not { } watermark) continue;
                var name = TableName.Parse(source);
                needed[name] = [.. needed.GetValueOrDefault(name, []), watermark];
            }
        }
        return options with { KeepSnapshots = needed };
    }

    /// <summary>Compaction, expiry and orphan removal of every table.</summary>
    public static async Task<IReadOnlyList<TableMaintenance>> RunAsync(LakeTables lake, MaintenanceOptions options, CancellationToken cancellationToken) =>
        await new LakeMaintenance(await WithWatermarksAsync(lake, options, cancellationToken)).RunAsync(lake.Catalog, cancellationToken);
}
