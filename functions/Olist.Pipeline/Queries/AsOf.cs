using Olist.Lake;

namespace Olist.Pipeline.Queries;

/// <summary>How fresh a figure is: the snapshot of each table that it was made of, and how far the stream had been read.</summary>
/// <param name="Tables">Snapshot and commit time per table; a table without rows has none.</param>
/// <param name="Stream">Null for figures of the batch layer alone.</param>
public sealed record AsOf(IReadOnlyList<AsOf.TableVersion> Tables, AsOf.StreamPosition? Stream = null)
{
    /// <summary>How far the live view was.</summary>
    /// <param name="Topic">The topic it is built from.</param>
    /// <param name="Offsets">Next offset of each partition.</param>
    /// <param name="LastEvent">The latest thing that it knows to have happened, ISO 8601; <see langword="null"/> when it knows nothing.</param>
    /// <param name="Clock">How time passes for what is on its way: <c>wall</c>, <c>event</c> or <c>simulated</c>.</param>
    public sealed record StreamPosition(string Topic, IReadOnlyDictionary<int, long> Offsets, string? LastEvent, string Clock);

    /// <summary>One table as it was read.</summary>
    /// <param name="Table"><c>layer.name</c>.</param>
    /// <param name="SnapshotId">Its head, or <see langword="null"/>.</param>
    /// <param name="CommittedAt">When that snapshot was committed.</param>
    public sealed record TableVersion(string Table, long? SnapshotId, DateTimeOffset? CommittedAt);

    public static AsOf Of(IEnumerable<LakeTable> tables) =>
        new([.. tables.Select(table => new TableVersion(table.Name.ToString(), table.Current?.SnapshotId, table.Current?.Timestamp))]);

    /// <summary>The tables of several parts, each once.</summary>
    public AsOf And(AsOf other) => this with { Tables = [.. Tables.Concat(other.Tables).DistinctBy(table => table.Table)] };

    public bool Equals(AsOf? other) => other is not null && Tables.SequenceEqual(other.Tables) && Equals(Stream, other.Stream);

    public override int GetHashCode() => Tables.Aggregate(0, HashCode.Combine);
}
