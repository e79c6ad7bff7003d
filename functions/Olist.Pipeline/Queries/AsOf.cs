using Olist.Lake;

namespace Olist.Pipeline.Queries;

/// <summary>How fresh a figure is: the snapshot of each table that it was made of.</summary>
/// <param name="Tables">Snapshot and commit time per table; a table without rows has none.</param>
public sealed record AsOf(IReadOnlyList<AsOf.TableVersion> Tables)
{
    /// <summary>One table as it was read.</summary>
    /// <param name="Table"><c>layer.name</c>.</param>
    /// <param name="SnapshotId">Its head, or <see langword="null"/>.</param>
    /// <param name="CommittedAt">When that snapshot was committed.</param>
    public sealed record TableVersion(string Table, long? SnapshotId, DateTimeOffset? CommittedAt);

    public static AsOf Of(IEnumerable<LakeTable> tables) =>
        new([.. tables.Select(table => new TableVersion(table.Name.ToString(), table.Current?.SnapshotId, table.Current?.Timestamp))]);

    public bool Equals(AsOf? other) => other is not null && Tables.SequenceEqual(other.Tables);

    public override int GetHashCode() => Tables.Aggregate(0, HashCode.Combine);
}
