namespace Olist.Lake.Commits;

/// <summary>Adds rows, or only summary entries: goes on top of any head.</summary>
sealed class AppendProducer(TableContext table, TableChange change) : SnapshotProducer(table, change)
{
    protected override string Operation => "append";
}
