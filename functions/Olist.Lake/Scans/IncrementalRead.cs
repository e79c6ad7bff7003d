using Olist.Formats.Columns;
using Olist.Lake.Manifests;
using Olist.Lake.Metadata;

namespace Olist.Lake.Scans;

/// <summary>Rows that were added between two snapshots, start excluded, end included, each once and as it is at the end.</summary>
/// <remarks>
/// <c>append</c> snapshots and this project's own merges (<see cref="SummaryKeys.Merge"/>) give their added data files, <c>replace</c> gives nothing, any other <c>overwrite</c> or <c>delete</c> is an error.
/// Deletes known at the end apply, so a key that was merged twice comes once. A file that a compaction took away meanwhile is read all the same and its rows are looked up at the end by their identifier.
/// </remarks>
sealed class IncrementalRead(TableContext table, TableMetadata metadata)
{
    readonly TableSchema _schema = metadata.CurrentSchema;

    public async ValueTask<RowBatch> ReadAsync(long? fromExclusive, long toInclusive, IReadOnlyList<string>? names, CancellationToken cancellationToken)
    {
        var columns = _schema.Select(names, table.Name);
        var to = metadata.FindSnapshot(toInclusive) ?? throw Failed(IncrementalReadFailure.UnknownEnd, toInclusive,
            $"snapshot {toInclusive}, the end, is not among its snapshots; it was expired or belongs to another table. Read up to the current snapshot {metadata.CurrentSnapshotId}");
        if (fromExclusive == toInclusive) return RowBatch.Empty(columns);
        var scan = new TableScan(table, metadata, _schema);
        if (fromExclusive is null)
        {
            // From the beginning: rows of expired snapshots are still live, so the whole is the only right answer.
            var all = new List<RowBatch>();
            await foreach (var batch in scan.ReadAsync(to, names, [], cancellationToken)) all.Add(batch);
            return RowBatch.Concat(columns, all);
        }
        var range = WalkBack(fromExclusive.Value, to);
        if (!range.Any(Adds)) return RowBatch.Empty(columns);
        return await ReadRangeAsync(scan, range, to, columns, cancellationToken);
    }

    /// <summary>The snapshots after the start up to the end, oldest first.</summary>
    List<LakeSnapshot> WalkBack(long from, LakeSnapshot to)
    {
        var range = new List<LakeSnapshot>();
        foreach (var snapshot in metadata.AncestorsOf(to.SnapshotId))
        {
            if (snapshot.SnapshotId == from) break;
            range.Add(snapshot);
        }
        range.Reverse();
        // The start itself may be expired, as long as the oldest that is left was committed right on top of it.
        if (range[0].ParentId != from) throw Unreachable(from, to);
        foreach (var snapshot in range)
            if (!Adds(snapshot) && snapshot.Operation != "replace" && !IsOurs(snapshot))
                throw Failed(IncrementalReadFailure.RowsRewritten, snapshot.SnapshotId,
                    $"snapshot {snapshot.SnapshotId} ({snapshot.Operation} at {snapshot.Timestamp:u}) changed or removed rows and was not written by this project, so what it added can't be told from what it rewrote. Read the end snapshot {to.SnapshotId} in full and go on from there");
        return range;
    }

    static bool IsOurs(LakeSnapshot snapshot) => snapshot.Summary.GetValueOrDefault(SummaryKeys.Merge) is SummaryKeys.MergeOnRead or SummaryKeys.CopyOnWrite;

    /// <summary>Whether the file holds rows that are new with the snapshot that added it: a rewritten one of copy-on-write keeps an older number.</summary>
    static bool IsNew(LiveFile file, LakeSnapshot adder) => adder.Summary.GetValueOrDefault(SummaryKeys.Merge) != SummaryKeys.CopyOnWrite || file.Sequence == adder.SequenceNumber;

    static bool Adds(LakeSnapshot snapshot) => snapshot.Operation == "append" || (snapshot.Operation == "overwrite" && IsOurs(snapshot));

    IncrementalReadException Unreachable(long from, LakeSnapshot to)
    {
        if (metadata.FindSnapshot(from) is null)
            return Failed(IncrementalReadFailure.Expired, from, $"snapshot {from}, the start, has expired, and rows added right after it can't be told any more. Read snapshot {to.SnapshotId} in full and go on from there");
        var (line, ownLine) = (metadata.AncestorsOf(to.SnapshotId).ToArray(), metadata.AncestorsOf(from).ToArray());
        var ancestors = line.Select(snapshot => snapshot.SnapshotId).ToHashSet();
        var common = ownLine.FirstOrDefault(snapshot => ancestors.Contains(snapshot.SnapshotId));
        // A tag may keep the start while what came after it expired: nothing says then that it was taken back, unless both lines end at one expired snapshot.
        if (common is null && line[^1].ParentId is { } gone && gone != ownLine[^1].ParentId && ownLine[0].SequenceNumber < line[^1].SequenceNumber)
            return Failed(IncrementalReadFailure.Expired, gone, $"snapshots between {from}, the start, and {line[^1].SnapshotId} have expired, and rows added by them can't be told any more. Read snapshot {to.SnapshotId} in full and go on from there");
        return Failed(IncrementalReadFailure.RolledBack, common?.SnapshotId,
            $"snapshot {from}, the start, is no ancestor of {to.SnapshotId}, the end: the table was rolled back{(common is null ? "" : $" to {common.SnapshotId} or before")}, or the end is the older one. " +
            $"Take back what was computed after {common?.SnapshotId.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "the beginning"}, or read {to.SnapshotId} in full");
    }

    IncrementalReadException Failed(IncrementalReadFailure failure, long? snapshotId, string what, Exception? inner = null) =>
        new($"Table {table.Name}, rows added since a snapshot: {what}.", inner) { Failure = failure, SnapshotId = snapshotId };

    async ValueTask<RowBatch> ReadRangeAsync(TableScan scan, List<LakeSnapshot> range, LakeSnapshot to, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellationToken)
    {
        var adding = range.Where(Adds).ToDictionary(snapshot => snapshot.SnapshotId);
        var oldest = range[0].SequenceNumber;
        // A manifest of an older commit can't hold newer files, so the cost follows the change. A merged one keeps who added each file.
        var files = await SnapshotFiles.LoadAsync(table, metadata, to, FilePruner.None(metadata), cancellationToken, manifest => manifest.Sequence >= oldest);
        var added = files.Data.Where(file => adding.ContainsKey(file.SnapshotId)).ToArray();
        var live = added.Where(file => IsNew(file, adding[file.SnapshotId])).OrderBy(file => adding[file.SnapshotId].SequenceNumber).ToArray();
        var deletes = await DeleteFilter.LoadAsync(table, metadata, _schema, live, files.Deletes, cancellationToken);
        var parts = new List<RowBatch>();
        await foreach (var batch in scan.ReadFilesAsync(live, deletes, columns, cancellationToken)) parts.Add(batch);
        var gone = await FindGoneAsync(adding.Values, added, cancellationToken);
        if (gone.Count > 0) parts.Add(await ReadGoneAsync(scan, gone, live, range, to, columns, cancellationToken));
        return RowBatch.Concat(columns, parts);
    }

    /// <summary>Files that were added in the range and are no longer live at its end.</summary>
    async ValueTask<List<LiveFile>> FindGoneAsync(IEnumerable<LakeSnapshot> adding, LiveFile[] live, CancellationToken cancellationToken)
    {
        var liveBySnapshot = live.CountBy(file => file.SnapshotId).ToDictionary();
        var paths = live.Select(file => file.File.Path).ToHashSet(StringComparer.Ordinal);
        var gone = new List<LiveFile>();
        foreach (var snapshot in adding)
        {
            var known = snapshot.Summary.ContainsKey(SummaryKeys.TotalDataFiles) || snapshot.Summary.ContainsKey(SummaryKeys.AddedDataFiles);
            if (known && snapshot.Count(SummaryKeys.AddedDataFiles) == liveBySnapshot.GetValueOrDefault(snapshot.SnapshotId)) continue;
            var list = await table.ReadListAsync(snapshot, cancellationToken);
            foreach (var manifest in list.Where(manifest => !manifest.IsDeletes && manifest.AddedSnapshotId == snapshot.SnapshotId && manifest.AddedFiles > 0))
                foreach (var entry in await table.ReadManifestAsync(manifest, metadata, cancellationToken))
                    if (entry.Status == EntryStatus.Added && entry.SnapshotId == snapshot.SnapshotId && !paths.Contains(entry.File.Path)
                        && new LiveFile(entry.File, manifest.SpecId, entry.SnapshotId, entry.Sequence) is var file && IsNew(file, snapshot)) gone.Add(file);
        }
        return gone;
    }

    async ValueTask<RowBatch> ReadGoneAsync(TableScan scan, List<LiveFile> gone, LiveFile[] live, List<LakeSnapshot> range, LakeSnapshot to, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellationToken)
    {
        var nothingRemoved = range.All(snapshot => snapshot.Operation is "append" or "replace");
        var key = _schema.IdentifierFieldIds.Select(id => _schema.FindColumn(id)!).ToArray(); // checked when the metadata was read
        if (!nothingRemoved && key.Length == 0)
            throw Failed(IncrementalReadFailure.FilesGone, to.SnapshotId,
                $"{gone.Count} files that were added were compacted away, rows were deleted meanwhile, and the table has no identifier fields to look the rest up by. Read snapshot {to.SnapshotId} in full");
        try
        {
            var parts = new List<RowBatch>();
            IReadOnlyList<ColumnSchema> read = nothingRemoved ? columns : key;
            await foreach (var batch in scan.ReadFilesAsync(gone, DeleteFilter.None, read, cancellationToken)) parts.Add(batch);
            var rows = RowBatch.Concat(read, parts);
            return nothingRemoved ? rows : await LookUpAsync(rows, live, to, columns, cancellationToken);
        }
        catch (CorruptTableException e) when (e.InnerException is Storage.ObjectNotFoundException)
        {
            throw Failed(IncrementalReadFailure.FilesGone, to.SnapshotId, $"files that were added were compacted and then removed from the store. Read snapshot {to.SnapshotId} in full", e);
        }
    }

    /// <summary>The state at the end of rows that moved to other files; what lies in files that were read already is left out.</summary>
    async ValueTask<RowBatch> LookUpAsync(RowBatch keys, LiveFile[] live, LakeSnapshot to, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellationToken)
    {
        var (rows, positions) = await new KeyLookup(table, metadata, _schema, keys).FindAsync(to, [.. columns.Select(column => column.Name)], cancellationToken);
        var read = live.Select(file => file.File.Path).ToHashSet(StringComparer.Ordinal);
        var fresh = Enumerable.Range(0, positions.Count).Where(row => !read.Contains(positions.Files[positions.FileOf[row]].Path)).ToArray();
        return fresh.Length == rows.RowCount ? rows : rows.Gather(fresh);
    }
}
