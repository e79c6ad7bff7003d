using Olist.Formats.Columns;
using Olist.Lake.Commits;
using Olist.Lake.Metadata;
using Olist.Lake.Partitioning;
using Olist.Lake.Scans;

namespace Olist.Lake.RowLevel;

/// <summary>The files of the partitions that some rows fall into.</summary>
sealed class ReplacedPartitions(TableContext table, TableMetadata metadata)
{
    public async ValueTask<RowRemoval> FindAsync(LakeSnapshot? snapshot, IReadOnlyList<RowBatch> rows, CancellationToken cancellationToken)
    {
        var spec = metadata.DefaultSpec;
        var partitions = rows.Where(batch => batch.RowCount > 0).SelectMany(batch => Of(spec, batch)).ToHashSet();
        var files = await SnapshotFiles.LoadAsync(table, metadata, snapshot, FilePruner.None(metadata), cancellationToken);
        if (!spec.IsUnpartitioned && files.Data.FirstOrDefault(file => file.SpecId != spec.SpecId) is { } older)
            throw new LakeException($"Table {table.Name} has rows in files of partition spec {older.SpecId} ({older.File.Path}), while rows are partitioned by spec {spec.SpecId} now; which of them lie in the partitions to replace can't be told. Compact the table, or overwrite by a filter.");
        bool IsReplaced(LiveFile file) => spec.IsUnpartitioned ? partitions.Count > 0 : file.SpecId != spec.SpecId || partitions.Contains(file.Partition);
        return new RowRemoval(RowPositions.None, [.. files.Data.Where(IsReplaced)], IsReplaced);
    }

    IEnumerable<PartitionKey> Of(PartitionSpec spec, RowBatch batch)
    {
        var rows = RowConformer.Conform(batch, metadata.CurrentSchema, table.Name);
        if (spec.IsUnpartitioned) return [PartitionKey.None];
        var values = PartitionRows.Values(spec, metadata.CurrentSchema, rows);
        return new KeyIndex(values).Firsts.Distinct().Select(row => PartitionRows.KeyOf(values, row));
    }
}
