using Olist.Lake.Commits;

namespace Olist.Lake.RowLevel;

/// <summary>Rows go by position delete files.</summary>
sealed class MergeOnReadProducer(TableContext table, TableChange change, RowRemoval removal) : RowLevelProducer(table, change, removal)
{
    protected override string Mark => SummaryKeys.MergeOnRead;

    protected override IReadOnlySet<string> RemovedPaths { get; } = removal.WholeFiles.Select(file => file.File.Path).ToHashSet(StringComparer.Ordinal);

    protected override ValueTask<List<AddedFile>> WriteDeletesAsync(CancellationToken cancellationToken) =>
        new PositionDeleteWriter(Table, CommitId, Written).WriteAsync(Removal.Positions, cancellationToken);
}
