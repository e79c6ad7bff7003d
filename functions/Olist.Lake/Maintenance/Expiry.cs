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
        var plan = Plan(before);
        if (plan.Expired.Count == 0 && plan.ExpiredRefs.Count == 0) return result;
        if (options.DryRun) return Describe(result, plan);
        await table.CommitAsync(new MetadataEdit(_context, (head, _) =>
        {
            before = head;
            plan = Plan(head);
            return plan.Apply();
        }), validate: null, cancellationToken);
        result = Describe(result, plan);
        return await RemoveFilesAsync(result, before, cancellationToken);
    }

    ExpiryPlan Plan(TableMetadata metadata) => ExpiryPlan.Make(metadata, table.Name, options, _context.Time.GetUtcNow().ToUnixTimeMilliseconds());

    static ExpiryResult Describe(ExpiryResult result, ExpiryPlan plan) => result with { Removed = [.. plan.Expired.Select(snapshot => snapshot.SnapshotId)], RemovedRefs = plan.ExpiredRefs };

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
