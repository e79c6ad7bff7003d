using Olist.Lake.Metadata;

namespace Olist.Lake.Commits;

/// <summary>One optimistic commit: build the next version on the newest one, publish it if nobody else did, else wait a little and build again.</summary>
sealed class CommitLoop(TableContext table, ICommit producer, Action<TableMetadata>? validate)
{
    readonly MetadataPublisher _publisher = new(producer.Writes ?? table.Store, table.Versions, table.Name, table.Time);

    /// <param name="known">The newest version that this process has seen.</param>
    /// <param name="advance">Takes the version that was committed.</param>
    /// <param name="queue">Held while publishing: writers of one table instance would only race each other. Files are written outside of it.</param>
    /// <exception cref="CommitConflictException">The change does not fit the new head, or others won too often.</exception>
    /// <exception cref="CommitStateUnknownException">The answer was lost for good; what was written stays.</exception>
    public async ValueTask CommitAsync(Func<TableVersion> known, Action<TableVersion> advance, SemaphoreSlim queue, CancellationToken cancellationToken)
    {
        try
        {
            await producer.PrepareAsync(known().Metadata, cancellationToken);
            await queue.WaitAsync(cancellationToken);
            try
            {
                advance(await PublishAsync(await NewestAsync(known(), cancellationToken), cancellationToken));
            }
            finally
            {
                queue.Release();
            }
        }
        catch (Exception e) when (e is not (CommitStateUnknownException or OperationCanceledException))
        {
            await producer.AbandonAsync();
            throw;
        }
    }

    async ValueTask<TableVersion> PublishAsync(TableVersion head, CancellationToken cancellationToken)
    {
        var waits = new CommitWaits(head.Metadata.Properties, table.Name, table.Ids);
        for (var attempt = 0; ; attempt++)
        {
            if (await TryApplyAsync(head, attempt, cancellationToken) is not { } next)
            {
                head = await NewestAsync(head, cancellationToken);
                continue;
            }
            if (ReferenceEquals(next, head.Metadata)) return head; // it holds already
            var written = new TableVersion(head.Number + 1, next);
            await producer.AwaitTurnAsync(written, cancellationToken);
            if (await _publisher.TryPublishAsync(written.Number, next, table.Files.Locations, AddedSnapshot(next, head), cancellationToken))
            {
                await table.Known.NoteAsync(table.Versions, written);
                return written;
            }
            if (attempt >= waits.Retries)
                throw new CommitConflictException($"Table {table.Name}: other writers won {attempt + 1} times in a row. Nothing was committed; try again, or let fewer writers commit larger changes (property {TableProperties.CommitRetries}).");
            await Task.Delay(waits.Next(attempt), table.Time, cancellationToken);
            head = await NewestAsync(head, cancellationToken);
        }
    }

    /// <summary>The snapshot that this commit brings; null for one that only moves or drops some.</summary>
    static long? AddedSnapshot(TableMetadata next, TableVersion head) =>
        next.Snapshots.Count > 0 && next.Snapshots[^1].SnapshotId is var id && head.Metadata.FindSnapshot(id) is null ? id : null;

    /// <summary>The newest version, which the change fits on top of.</summary>
    async ValueTask<TableVersion> NewestAsync(TableVersion known, CancellationToken cancellationToken)
    {
        while (true)
        {
            var head = await table.Versions.LoadNewerAsync(known.Number, cancellationToken) ?? known;
            TableVersion.CheckSame(known, head, table.Name);
            validate?.Invoke(head.Metadata);
            try
            {
                await producer.CheckAsync(head.Metadata, cancellationToken);
                return head;
            }
            catch (CorruptTableException)
            {
                if (!await HasMovedAsync(head, cancellationToken)) throw;
                known = head;
            }
        }
    }

    /// <returns>Null: files of this head are gone because a newer version no longer needs them.</returns>
    async ValueTask<TableMetadata?> TryApplyAsync(TableVersion head, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            var next = await producer.ApplyAsync(head.Metadata, attempt, cancellationToken);
            return ReferenceEquals(next, head.Metadata) ? next : WithLog(table, next, head);
        }
        catch (CorruptTableException)
        {
            if (!await HasMovedAsync(head, cancellationToken)) throw;
            return null;
        }
    }

    /// <summary>Whether the head is an old one by now, so that an expiry may have removed what only it referred to. A file missing under the newest version is damage.</summary>
    async ValueTask<bool> HasMovedAsync(TableVersion head, CancellationToken cancellationToken) =>
        await table.Versions.LoadNewerAsync(head.Number, cancellationToken) is { } newer && newer.Number > head.Number;

    /// <summary>Notes where the version before was, and forgets the oldest.</summary>
    public static TableMetadata WithLog(TableContext table, TableMetadata next, TableVersion head)
    {
        var max = (int)Math.Clamp(TableProperties.GetLong(next.Properties, TableProperties.PreviousVersionsMax, TableProperties.PreviousVersionsMaxDefault, $"Table {table.Name}"), 1, 100_000);
        var entry = new MetadataLogEntry(head.Metadata.LastUpdatedMs, table.Files.Locations.LocationOf(table.Versions.KeyOf(head.Number)));
        return next with { MetadataLog = [.. next.MetadataLog.TakeLast(max - 1), entry] };
    }
}
