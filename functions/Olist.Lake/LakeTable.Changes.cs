using Olist.Formats.Columns;
using Olist.Lake.Commits;
using Olist.Lake.Metadata;
using Olist.Lake.RowLevel;
using Olist.Lake.Scans;

namespace Olist.Lake;

/// <content>Commits: rows in and out, and what rows are like.</content>
public sealed partial class LakeTable
{
    /// <summary>Commits, rebasing over safe concurrent changes; the table is refreshed to what was committed.</summary>
    /// <param name="cancellationToken">Abandons the work. A commit that has happened stays committed.</param>
    /// <exception cref="CommitConflictException">Compute the change again from the refreshed table.</exception>
    /// <exception cref="CommitStateUnknownException">Refresh and look before trying again.</exception>
    public async ValueTask<LakeSnapshot> CommitAsync(TableChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.Delete is not { } positions) return await CommitAsync(new AppendProducer(_context, change), Validation(change), cancellationToken);
        var property = change.Append.Any(batch => batch.RowCount > 0) ? TableProperties.MergeMode : TableProperties.DeleteMode;
        return await CommitAsync(change, new RowRemoval(positions, []), property, cancellationToken);
    }

    async ValueTask<LakeSnapshot> CommitAsync(TableChange change, RowRemoval removal, string property, CancellationToken cancellationToken)
    {
        var mode = change.Mode ?? TableProperties.GetMode(Properties, property, $"Table {Name}") ?? RowLevelMode.MergeOnRead;
        RowLevelProducer producer = mode == RowLevelMode.CopyOnWrite ? new CopyOnWriteProducer(_context, change, removal) : new MergeOnReadProducer(_context, change, removal);
        return await CommitAsync(producer, Validation(change), cancellationToken);
    }

    static Action<TableMetadata>? Validation(TableChange change) => change.Validate is { } validate ? head => validate(new CommitHead(head, change.Branch)) : null;

    internal async ValueTask<LakeSnapshot> CommitAsync(SnapshotProducer producer, Action<TableMetadata>? validate, CancellationToken cancellationToken)
    {
        await CommitAsync((ICommit)producer, validate, cancellationToken);
        return Metadata.FindSnapshot(producer.SnapshotId)
            ?? throw new CommitStateUnknownException($"Table {Name}: snapshot {producer.SnapshotId} was committed, but is gone again. Look at the table's history.") { SnapshotId = producer.SnapshotId };
    }

    internal ValueTask CommitAsync(ICommit commit, Action<TableMetadata>? validate, CancellationToken cancellationToken) =>
        new CommitLoop(_context, commit, validate).CommitAsync(() => _version, Advance, _commits, cancellationToken);

    internal ValueTask EditAsync(Func<TableMetadata, long, TableMetadata> edit, CancellationToken cancellationToken) => CommitAsync(new MetadataEdit(_context, edit), validate: null, cancellationToken);

    /// <summary>Changes schema, partitioning, sort order and properties, all at once, without touching a file. Steps that change nothing commit nothing.</summary>
    /// <exception cref="EvolutionException">A step is against the rules of the format or the table; the message names field and way out.</exception>
    /// <exception cref="CommitConflictException">Schema, partitioning or order changed since this table was refreshed, so that the steps may mean something else by now: refresh and look again. Rows that came meanwhile are no conflict.</exception>
    public async ValueTask EvolveAsync(Action<TableEvolution> describe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(describe);
        var evolution = new TableEvolution();
        describe(evolution);
        var start = Metadata;
        await EditAsync((head, _) =>
        {
            string? changed = evolution.TouchesSchema && (head.CurrentSchemaId != start.CurrentSchemaId || head.LastColumnId != start.LastColumnId) ? "schema"
                : evolution.TouchesPartitioning && (head.DefaultSpecId != start.DefaultSpecId || head.LastPartitionId != start.LastPartitionId) ? "partitioning"
                : evolution.TouchesOrder && head.DefaultSortOrderId != start.DefaultSortOrderId ? "sort order" : null;
            if (changed is not null) throw new CommitConflictException($"The evolution of table {Name} can't be committed: its {changed} was changed by somebody else. Refresh the table, see whether the evolution is still wanted, and commit it again.");
            return evolution.Apply(head, Name);
        }, cancellationToken);
    }

    /// <summary>Removes the rows that match all ranges (none: every row), as the table is when it is committed.</summary>
    /// <returns>The new snapshot, or null when no row matched.</returns>
    /// <exception cref="CommitConflictException">Others kept changing these rows, more often than <see cref="RowLevelOptions.Retries"/>.</exception>
    public ValueTask<LakeSnapshot?> DeleteAsync(IReadOnlyList<ColumnRange> where, RowLevelOptions? options = null, CancellationToken cancellationToken = default) =>
        ChangeMatchingAsync(where, options ?? new(), TableProperties.DeleteMode, columns: null, _ => [], cancellationToken);

    /// <summary>Removes the rows that match all ranges (none: every row) and adds others, in one snapshot.</summary>
    /// <param name="rows">Need not match the ranges.</param>
    /// <returns>The new snapshot, or null when no row matched and none came.</returns>
    public ValueTask<LakeSnapshot?> OverwriteAsync(IReadOnlyList<ColumnRange> where, IReadOnlyList<RowBatch> rows, RowLevelOptions? options = null, CancellationToken cancellationToken = default) =>
        ChangeMatchingAsync(where, options ?? new(), TableProperties.MergeMode, columns: null, _ => rows, cancellationToken);

    /// <summary>Puts other rows in the place of those that match all ranges.</summary>
    /// <param name="change">Gets the matching rows with all columns, batch by batch; called again when the rows had to be looked for again.</param>
    public ValueTask<LakeSnapshot?> UpdateAsync(IReadOnlyList<ColumnRange> where, Func<RowBatch, RowBatch> change, RowLevelOptions? options = null, CancellationToken cancellationToken = default) =>
        ChangeMatchingAsync(where, options ?? new(), TableProperties.UpdateMode, Columns, rows => [.. rows.Select(change)], cancellationToken);

    /// <summary>Replaces the partitions that the rows fall into; an unpartitioned table as a whole. Other partitions stay.</summary>
    /// <exception cref="LakeException">Rows lie in files of an older partition spec, so that it can't be told which of them go: compact the table, or overwrite by a filter.</exception>
    public ValueTask<LakeSnapshot?> ReplacePartitionsAsync(IReadOnlyList<RowBatch> rows, RowLevelOptions? options = null, CancellationToken cancellationToken = default)
    {
        var given = options ?? new RowLevelOptions();
        return ChangeAsync(given with { Summary = new Dictionary<string, string>(given.Summary, StringComparer.Ordinal) { [SummaryKeys.ReplacePartitions] = "true" } }, TableProperties.MergeMode,
            async (metadata, head) => (await new ReplacedPartitions(_context, metadata).FindAsync(head, rows, cancellationToken), rows), cancellationToken);
    }

    ValueTask<LakeSnapshot?> ChangeMatchingAsync(IReadOnlyList<ColumnRange> where, RowLevelOptions options, string property, IReadOnlyList<ColumnSchema>? columns,
        Func<IReadOnlyList<RowBatch>, IReadOnlyList<RowBatch>> append, CancellationToken cancellationToken) => ChangeAsync(options, property, async (metadata, head) =>
        {
            var (removal, rows) = await new MatchingRows(_context, metadata, where).FindAsync(head, columns is null ? null : metadata.CurrentSchema.Columns, cancellationToken);
            return (removal, append(rows));
        }, cancellationToken);

    async ValueTask<LakeSnapshot?> ChangeAsync(RowLevelOptions options, string property, Func<TableMetadata, LakeSnapshot?, Task<(RowRemoval Removal, IReadOnlyList<RowBatch> Append)>> compute, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            await RefreshAsync(cancellationToken);
            var metadata = Metadata;
            var head = options.Branch == TableMetadata.MainBranch ? metadata.Current : metadata.HeadOf(options.Branch) ?? throw NoReference(metadata, options.Branch);
            var (removal, append) = await compute(metadata, head);
            if (removal.IsEmpty && append.All(batch => batch.RowCount == 0)) return null;
            var change = new TableChange { Append = append, Mode = options.Mode, Branch = options.Branch, Summary = options.Summary, BaseSnapshotId = head?.SnapshotId };
            try
            {
                return await CommitAsync(change, removal, property, cancellationToken);
            }
            catch (CommitConflictException) when (attempt < options.Retries)
            {
                // Somebody changed these rows meanwhile: what is to go is looked for again.
            }
        }
    }
}
