using Olist.Lake.Maintenance;
using Olist.Storage;

namespace Olist.Lake;

/// <summary>Keeps tables fast and small: compaction, expiry of snapshots, removal of orphan files. Safe beside running writers and readers, and to run from several places.</summary>
/// <remarks>Every piece of work is a commit or nothing: killed at any moment, it leaves the same rows, and at worst files that orphan removal finds.</remarks>
public sealed class LakeMaintenance(MaintenanceOptions options)
{
    /// <summary>Puts small files together, applies deletes, sorts by the table's order, merges manifests; in one <c>replace</c> snapshot, which adds no rows to any reader.</summary>
    /// <remarks>Memory: the rows of two bins (see <see cref="BinPacker"/>: 32 MB of files and 2 million rows each) for a sorted table, some row groups for another.</remarks>
    /// <exception cref="CommitConflictException">Others rewrote or removed rows of the same files each time. Nothing was changed; run it again.</exception>
    public async ValueTask<CompactionResult> CompactAsync(LakeTable table, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await table.RefreshAsync(cancellationToken);
                return await new Compaction(table, options).RunAsync(cancellationToken);
            }
            catch (CommitConflictException) when (attempt < options.CompactionTries)
            {
                // Another writer was quicker on the same files: plan again from what it left.
            }
        }
    }

    /// <summary>Drops old snapshots, then the files that only they needed. What branches, tags, given watermarks and the newest offsets need stays; see <see cref="ExpiryPlan"/>.</summary>
    /// <exception cref="LakeException">The table's properties forbid it (<see cref="TableProperties.GarbageCollection"/>).</exception>
    public async ValueTask<ExpiryResult> ExpireAsync(LakeTable table, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        await table.RefreshAsync(cancellationToken);
        RefuseWithoutCollection(table);
        return await new Expiry(table, options).RunAsync(cancellationToken);
    }

    /// <summary>Removes files that nothing refers to and that are older than <see cref="MaintenanceOptions.OrphanAge"/>: what killed writers left.</summary>
    /// <exception cref="LakeException">The table's properties forbid it (<see cref="TableProperties.GarbageCollection"/>).</exception>
    public async ValueTask<OrphanResult> RemoveOrphansAsync(LakeTable table, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        await table.RefreshAsync(cancellationToken);
        RefuseWithoutCollection(table);
        return await new OrphanFiles(table, options).RunAsync(cancellationToken);
    }

    /// <summary>Moves main back to an ancestor. Rows and offsets that came after are as if they had never been; readers that have them are told by <see cref="IncrementalReadException"/>.</summary>
    /// <returns>The snapshot that was the head.</returns>
    /// <exception cref="LakeException">The snapshot is not in main's history.</exception>
    public static async ValueTask<long?> RollBackAsync(LakeTable table, long snapshotId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        await table.RefreshAsync(cancellationToken);
        var before = table.Current?.SnapshotId;
        if (before != snapshotId) await table.CommitAsync(Rollback.To(table.Context, snapshotId), validate: null, cancellationToken);
        return before;
    }

    /// <summary>Looks whether <see cref="RollBackAsync"/> could be done, and changes nothing.</summary>
    /// <returns>The snapshot that is the head.</returns>
    /// <exception cref="LakeException">The snapshot is not in main's history.</exception>
    public static async ValueTask<long?> CheckRollBackAsync(LakeTable table, long snapshotId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        await table.RefreshAsync(cancellationToken);
        Rollback.Check(table.Context, table.Metadata, snapshotId);
        return table.Current?.SnapshotId;
    }

    /// <summary>All of it for all tables, one after the other: compaction, then expiry, then orphans; with <see cref="MaintenanceOptions.Tiered"/> only what can't wait: compaction, and expiry of a table that has half as many snapshots again as <see cref="MaintenanceOptions.MaxSnapshots"/>.
    /// A table that can't be done is named in its result and does not keep the others waiting.</summary>
    public async ValueTask<IReadOnlyList<TableMaintenance>> RunAsync(LakeCatalog catalog, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var results = new List<TableMaintenance>();
        foreach (var name in await catalog.ListTablesAsync(cancellationToken)) results.Add(await RunAsync(catalog, name, cancellationToken));
        return results;
    }

    async ValueTask<TableMaintenance> RunAsync(LakeCatalog catalog, TableName name, CancellationToken cancellationToken)
    {
        var result = new TableMaintenance(name);
        try
        {
            if (await catalog.FindTableAsync(name, cancellationToken) is not { } table) return result;
            result = result with { Compaction = await CompactAsync(table, cancellationToken) };
            if (options.Tiered && !HasTooManySnapshots(table)) return result;
            result = result with { Expiry = await ExpireAsync(table, cancellationToken) };
            return options.Tiered ? result : result with { Orphans = await RemoveOrphansAsync(table, cancellationToken) };
        }
        catch (Exception e) when (e is LakeException or StoreException)
        {
            return result with { Problem = e.Message };
        }
    }

    /// <summary>Half as many again as there should be: an expiry has its price, so it waits until it is worth it.</summary>
    bool HasTooManySnapshots(LakeTable table) => options.MaxSnapshots is { } most && table.Snapshots.Count > most + most / 2;

    static void RefuseWithoutCollection(LakeTable table)
    {
        if (!TableProperties.GetBool(table.Properties, TableProperties.GarbageCollection, fallback: true))
            throw new LakeException($"Table {table.Name} says {TableProperties.GarbageCollection}=false: somebody else uses its files too, so nothing is expired or removed. Set the property to true if that is no longer so.");
    }
}
