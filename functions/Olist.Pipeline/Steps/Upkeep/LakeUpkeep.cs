using Olist.Lake;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Pipeline.Steps.Upkeep;

/// <summary>Maintenance of all tables that leaves what the batch layer still has to read: every snapshot that a watermark names.</summary>
/// <remarks>Two rhythms: <see cref="Light"/> every half minute keeps tables that are committed to every few seconds from drowning in small files; <see cref="Full"/> every hour puts in order what is left, and tidies up.</remarks>
public static class LakeUpkeep
{
    /// <summary>Snapshots that a table keeps, but for young ones and what readers need: each commit writes and reads all of them (some 700 bytes each), and a batch run every 20 minutes needs 240 of a table that is committed to every 5 s.</summary>
    const int MaxSnapshots = 300;

    /// <summary>Up to here scans noticed single files: thirteen delete files made one of 50,000 rows 1.8 times as long.</summary>
    const long SmallTable = 8 << 20;

    /// <summary>No reader takes that long.</summary>
    static readonly TimeSpan Young = TimeSpan.FromMinutes(20);

    /// <summary>Everything: all small files become one, deletes are applied, snapshots expire, orphans go.</summary>
    public static MaintenanceOptions Full { get; } = new() { MaxSnapshots = MaxSnapshots, MinSnapshotAge = Young, SmallTableBytes = SmallTable };

    /// <summary>Only what piles up by the minute, at a cost that follows what was committed: small files by size class, snapshots when they are too many. One that loses to another writer waits for the next time.</summary>
    public static MaintenanceOptions Light { get; } = new() { Tiered = true, CompactionTries = 1, MaxSnapshots = MaxSnapshots, MinSnapshotAge = Young, SmallTableBytes = SmallTable };

    public static async Task<IReadOnlyList<TableMaintenance>> RunAsync(LakeTables lake, MaintenanceOptions options, CancellationToken cancellationToken)
    {
        var kept = options with { KeepSnapshots = await WatermarkSnapshots.FindAsync(lake, cancellationToken) };
        return await new LakeMaintenance(kept).RunAsync(lake.Catalog, cancellationToken);
    }
}
