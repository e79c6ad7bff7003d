using Olist.Lake;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Pipeline.Steps.Upkeep;

/// <summary>Maintenance of all tables that leaves what the batch layer still has to read: every snapshot that a watermark names.</summary>
public static class LakeUpkeep
{
    /// <summary>Compaction, expiry and orphan removal of every table.</summary>
    public static async Task<IReadOnlyList<TableMaintenance>> RunAsync(LakeTables lake, MaintenanceOptions options, CancellationToken cancellationToken)
    {
        var kept = options with { KeepSnapshots = await WatermarkSnapshots.FindAsync(lake, cancellationToken) };
        return await new LakeMaintenance(kept).RunAsync(lake.Catalog, cancellationToken);
    }
}
