using Olist.Lake.Maintenance;
using Olist.Lake.Metadata;

namespace Olist.Lake.Rest;

/// <summary>Keeps strangers from removing snapshots that the table's owner still needs: the same that <see cref="ExpiryPlan"/> keeps.</summary>
sealed class SnapshotGuard(RestCatalogOptions options)
{
    /// <exception cref="CatalogErrorException">400: one that is removed is needed. Refused, and not quietly kept: the client would go on to delete its files.</exception>
    public async ValueTask CheckAsync(TableName table, TableMetadata before, TableMetadata after, CancellationToken cancellationToken)
    {
        var stays = after.Snapshots.Select(snapshot => snapshot.SnapshotId).ToHashSet();
        if (before.Snapshots.All(snapshot => stays.Contains(snapshot.SnapshotId))) return;
        IReadOnlyCollection<long> needed = options.NeededSnapshots is { } ask ? await ask(table, cancellationToken) : [];
        var line = before.AncestorsOf(before.CurrentSnapshotId).ToArray();
        // Readers walk from the head back to their watermark, or to the one right on top of it.
        var last = Array.FindLastIndex(line, snapshot => needed.Contains(snapshot.SnapshotId) || (snapshot.ParentId is { } parent && needed.Contains(parent)));
        if (Array.Find(line[..(last + 1)], snapshot => !stays.Contains(snapshot.SnapshotId)) is { } walked)
            throw Refused(table, walked, $"readers of the table stand at snapshot {line[last].SnapshotId} or before and read on from there");
        var moved = after.AncestorsOf(after.CurrentSnapshotId).SelectMany(snapshot => snapshot.Summary.Keys).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < line.Length; i++)
            if (line[i].Summary.Keys.FirstOrDefault(key => ExpiredEntries.MustStay(key, options.KeepSummaryPrefixes) && !moved.Contains(key)) is { } lost
                && Array.Find(line[..(i + 1)], snapshot => !stays.Contains(snapshot.SnapshotId)) is { } cut)
                throw Refused(table, cut, $"it, or the way over it, leads to '{lost}', which says what the table has taken in");
    }

    static CatalogErrorException Refused(TableName table, LakeSnapshot snapshot, string why) =>
        CatalogErrorException.BadRequest($"Table {table}: snapshot {snapshot.SnapshotId} can't be removed: {why}. Expire older snapshots only, or leave it to the table's owner (`olist lake expire`); nothing was committed.");
}
