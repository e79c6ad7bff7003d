using Olist.Storage;

namespace Olist.Lake.Metadata;

/// <summary>Makes a metadata document the table's next version, unless somebody else already did.</summary>
/// <remarks>
/// Atomic by create-if-absent. Three things can go wrong, and each is looked at rather than guessed: the answer is lost (what lies there is compared with what was sent);
/// a writer slept so long that its version was written and cleaned away meanwhile (after winning, the hint and the version after are looked at); the hint can't be written (the next commit does).
/// </remarks>
sealed class MetadataPublisher(IObjectStore store, MetadataFiles files, TableName table, TimeProvider time)
{
    const int Attempts = 6;

    /// <param name="version">N of the new <c>vN.metadata.json</c>.</param>
    /// <param name="metadata">The document.</param>
    /// <param name="locations">Where the table's files are.</param>
    /// <param name="addedSnapshotId">A snapshot that only this commit can have brought; null when it brings none, so that an older one is not taken for the proof that it is in the table.</param>
    /// <param name="cancellationToken">Abandons the upload. A commit that has happened stays committed.</param>
    /// <returns>False: another writer has this version; nothing of ours is in the table.</returns>
    /// <exception cref="CommitStateUnknownException">The store neither did it nor said that it did not.</exception>
    public async ValueTask<bool> TryPublishAsync(int version, TableMetadata metadata, TableLocations locations, long? addedSnapshotId, CancellationToken cancellationToken)
    {
        var content = TableMetadataWriter.Write(metadata);
        if (!await TryCreateAsync(version, content, metadata, cancellationToken)) return false;
        // From here on the commit is done: cancelling must not hide that.
        try
        {
            return await ConfirmAsync(version, metadata, locations, addedSnapshotId);
        }
        catch (Exception e)
        {
            // Whatever it is, it is not a failure of the commit, so nobody may clean up after it.
            throw Unknown(version, metadata, e);
        }
    }

    async ValueTask<bool> TryCreateAsync(int version, ReadOnlyMemory<byte> content, TableMetadata metadata, CancellationToken cancellationToken)
    {
        var key = files.KeyOf(version);
        StoreException? doubt = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (attempt > 1) await Task.Delay(TimeSpan.FromMilliseconds(10 << attempt), time, cancellationToken);
            try
            {
                if (await store.TryCreateAsync(key, content, cancellationToken)) return true;
                if (doubt is null) return false;
                return await HoldsAsync(key, content, cancellationToken);
            }
            catch (StoreException e)
            {
                doubt = e;
            }
            try
            {
                return await HoldsAsync(key, content, cancellationToken);
            }
            catch (ObjectNotFoundException)
            {
                // It is not there, but the request may still be under way: sending it again is safe, only one copy can win.
            }
            catch (StoreException e)
            {
                doubt = e;
            }
        }
        throw Unknown(version, metadata, doubt);
    }

    async ValueTask<bool> HoldsAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var found = await store.ReadAsync(key, cancellationToken);
        return content.Span.SequenceEqual(found);
    }

    CommitStateUnknownException Unknown(int version, TableMetadata metadata, Exception? inner) =>
        new($"Table {table}: it is not known whether version {version} was committed: {inner?.Message} Refresh the table and look for snapshot {metadata.CurrentSnapshotId} before trying again.", inner)
        {
            SnapshotId = metadata.CurrentSnapshotId ?? 0,
        };

    async ValueTask<bool> ConfirmAsync(int version, TableMetadata metadata, TableLocations locations, long? addedSnapshotId)
    {
        var hint = await files.ReadHintAsync(CancellationToken.None);
        if ((hint > version || await files.ExistsAsync(version + 1, CancellationToken.None)) && !await IsInHistoryAsync(version, metadata, locations, addedSnapshotId))
        {
            await Cleanup.DeleteQuietlyAsync(store, [files.KeyOf(version)]);
            return false;
        }
        if (hint is null || hint < version)
        {
            try
            {
                await files.WriteHintAsync(version, CancellationToken.None);
            }
            catch (StoreException)
            {
                return true; // A lower bound that stays low is still right, and the next commit repairs it.
            }
        }
        await DeleteForgottenAsync(metadata, locations, Math.Max(hint ?? 0, version));
        return true;
    }

    /// <summary>Whether the current version was built on ours.</summary>
    async ValueTask<bool> IsInHistoryAsync(int version, TableMetadata metadata, TableLocations locations, long? addedSnapshotId)
    {
        var current = await files.LoadAsync(CancellationToken.None);
        if (current is null || current.Number == version) return current is not null;
        var ours = locations.LocationOf(files.KeyOf(version));
        return (addedSnapshotId is { } snapshot && current.Metadata.FindSnapshot(snapshot) is not null)
            || current.Metadata.MetadataLog.Any(entry => entry.MetadataFile == ours && entry.TimestampMs == metadata.LastUpdatedMs);
    }

    /// <summary>Deletes the versions that this and earlier commits pushed off the metadata log, where the table wants it.</summary>
    async ValueTask DeleteForgottenAsync(TableMetadata metadata, TableLocations locations, int hint)
    {
        if (metadata.MetadataLog.Count == 0 || !TableProperties.GetBool(metadata.Properties, TableProperties.DeleteAfterCommit, fallback: false)) return;
        var oldest = locations.KeyOf(metadata.MetadataLog[0].MetadataFile);
        if (MetadataFiles.VersionOf(oldest[(oldest.LastIndexOf('/') + 1)..]) is not { } kept || kept <= 1 || kept > hint) return;
        // Oldest first, and with what a killed writer left: versions without a gap are what makes any lower bound a good hint. Behind a gap an old version would pass for the newest.
        var first = kept - 1;
        try
        {
            while (first > 1 && await files.ExistsAsync(first - 1, CancellationToken.None)) first--;
        }
        catch (StoreException)
        {
            return; // the next commit does it
        }
        await Cleanup.DeleteQuietlyAsync(store, Enumerable.Range(first, kept - first).Select(files.KeyOf));
    }
}
