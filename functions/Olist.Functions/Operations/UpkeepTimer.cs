using Olist.Lake;
using Olist.Pipeline.Steps.Lineage;
using Olist.Pipeline.Steps.Tables;
using Olist.Pipeline.Steps.Upkeep;

namespace Olist.Functions.Operations;

/// <summary>Looks after the tables: small files put together, old snapshots and orphan files removed. Safe beside everything that writes.</summary>
public sealed partial class UpkeepTimer(LakeTables lake, LineageLog lineage, TimeProvider time, ILogger<UpkeepTimer> logger)
{
    /// <summary>Events of runs are kept for a quarter; snapshots say the rest.</summary>
    static readonly TimeSpan LineageKept = TimeSpan.FromDays(90);

    [Function("lake_upkeep")]
    public async Task Full([TimerTrigger("%Olist:Upkeep:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await RunAsync(LakeUpkeep.Full, cancellationToken);
        await lineage.RemoveBeforeAsync(time.GetUtcNow() - LineageKept, cancellationToken);
    }

    /// <summary>So often because every commit makes a small file, and bronze commits every few seconds.</summary>
    [Function("lake_upkeep_light")]
    public Task Light([TimerTrigger("%Olist:Upkeep:LightSchedule%", UseMonitor = false)] TimerInfo timer, CancellationToken cancellationToken) => RunAsync(LakeUpkeep.Light, cancellationToken);

    async Task RunAsync(MaintenanceOptions options, CancellationToken cancellationToken)
    {
        foreach (var table in await LakeUpkeep.RunAsync(lake, options, cancellationToken))
        {
            if (table.Problem is { } problem) LogProblem(table.Table.ToString(), problem);
            else if (table.Compaction is { SnapshotId: not null } compaction && !options.Tiered) LogCompacted(table.Table.ToString(), compaction.DataFilesBefore, compaction.DataFilesAfter, table.Expiry?.Removed.Count ?? 0);
        }
    }

    [LoggerMessage(EventId = 5201, Level = LogLevel.Information, Message = "Compacted {Table}: {FilesBefore} files became {FilesAfter}; {Snapshots} snapshots expired")]
    partial void LogCompacted(string table, int filesBefore, int filesAfter, int snapshots);

    [LoggerMessage(EventId = 5202, Level = LogLevel.Warning, Message = "{Table} could not be looked after: {Problem}")]
    partial void LogProblem(string table, string problem);
}
