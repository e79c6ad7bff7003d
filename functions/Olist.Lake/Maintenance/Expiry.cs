using Olist.Lake.Commits;
using Olist.Lake.Metadata;

namespace Olist.Lake.Maintenance;

/// <summary>Expires snapshots of one table: metadata first, files after.</summary>
sealed class Expiry(LakeTable table, MaintenanceOptions options)
{
    readonly TableContext _context = table.Context;

    public async ValueTask<ExpiryResult> RunAsync(CancellationToken cancellationToken)
    {
        var before = table.Metadata;
        var result = new ExpiryResult(table.Name) { SnapshotsBefore = before.Snapshots.Count };
        var wanted = Plan(before, keepsEntries: false);
        if (wanted.Expired.Count == 0 && wanted.ExpiredRefs.Count == 0) return result;
        if (options.DryRun) return Describe(result, wanted);
        var carrier = await CarryAsync(wanted, cancellationToken);
        before = table.Metadata;
        ExpiryPlan? done = null;
        // If main moved meanwhile so that an entry would be lost after all, its snapshot stays for this time.
        await table.CommitAsync(new MetadataEdit(_context, (head, _) =>
        {
            before = head;
            done = Plan(head, keepsEntries: true);
            return done.Apply();
        }), validate: null, cancellationToken);
        result = Describe(result, done!) with { CarriedBy = carrier }; // the commit has called it
        return await RemoveFilesAsync(result, before, cancellationToken);
    }

    ExpiryPlan Plan(TableMetadata metadata, bool keepsEntries) => ExpiryPlan.Make(metadata, table.Name, options, _context.Time.GetUtcNow().ToUnixTimeMilliseconds(), keepsEntries);

    static ExpiryResult Describe(ExpiryResult result, ExpiryPlan plan) => result with { Removed = [.. plan.Expired.Select(snapshot => snapshot.SnapshotId)], RemovedRefs = plan.ExpiredRefs };

    /// <summary>Summary entries that would go with their snapshot are put on a snapshot of their own, which adds nothing.</summary>
    async ValueTask<long?> CarryAsync(ExpiryPlan plan, CancellationToken cancellationToken)
    {
        if (plan.LostEntries().Keys.ToArray() is not { Length: > 0 } keys) return null;
        // Read again from each head that is tried: a writer may have moved them on.
        return (await table.CommitAsync(new TableChange
        {
            SummaryOf = head => keys.Select(key => KeyValuePair.Create(key, head.FindSummaryEntry(key))).Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!),
        }, cancellationToken)).SnapshotId;
    }

    /// <summary>Removes what only expired snapshots referred to, judged by the table as it is now, whoever expired them.</summary>
    async ValueTask<ExpiryResult> RemoveFilesAsync(ExpiryResult result, TableMetadata before, CancellationToken cancellationToken)
    {
        await table.RefreshAsync(cancellationToken);
        var now = table.Metadata;
        var kept = now.Snapshots.Select(snapshot => snapshot.SnapshotId).ToHashSet();
        var gone = before.Snapshots.Where(snapshot => !kept.Contains(snapshot.SnapshotId)).ToArray();
        var needed = await Reachable.FindAsync(_context, now, now.Snapshots, except: null, mayBeGone: false, cancellationToken);
        var garbage = await Reachable.FindAsync(_context, before, gone, needed, mayBeGone: true, cancellationToken);
        var stays = needed.Keys(_context.Files.Locations);
        // What refers to others goes last, so that a killed removal leaves no reference to what is gone.
        var files = await RemoveAsync(garbage.Files.Keys, stays, cancellationToken);
        var manifests = await RemoveAsync(garbage.Manifests.Keys, stays, cancellationToken);
        var lists = await RemoveAsync(garbage.Lists, stays, cancellationToken);
        return result with { DataFilesRemoved = files.Count, ManifestsRemoved = manifests.Count, ManifestListsRemoved = lists.Count, BytesRemoved = files.Sum(path => garbage.Files[path]) + manifests.Sum(path => garbage.Manifests[path]) };
    }

    async ValueTask<List<string>> RemoveAsync(IReadOnlyCollection<string> locations, HashSet<string> stays, CancellationToken cancellationToken)
    {
        // By key, as two spellings of one place must not make a needed file garbage; and only below the table, as what lies elsewhere may be another's.
        var own = _context.Files.Locations.TableKey + "/";
        var byKey = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var location in locations)
            if (Reachable.FindKey(_context.Files.Locations, location) is { } key && key.StartsWith(own, StringComparison.Ordinal) && !stays.Contains(key)) byKey[key] = location;
        return [.. (await FileRemoval.RemoveAsync(_context.Store, byKey.Keys, cancellationToken)).Select(key => byKey[key])];
    }
}
