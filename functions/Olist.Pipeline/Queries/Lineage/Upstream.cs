using Olist.Lake;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Lineage;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Pipeline.Queries.Lineage;

/// <summary>The versions of tables that one version came of, as the watermarks in their snapshots say: nothing but metadata is read.</summary>
sealed class Upstream
{
    readonly Dictionary<string, LakeTable?> _tables = new(StringComparer.Ordinal);
    readonly LakeTables _lake;

    Upstream(LakeTables lake) => _lake = lake;

    /// <summary>A version of a table; <see cref="At"/> is <see langword="null"/> when it has expired or the table is gone.</summary>
    public sealed record Version(string Table, long SnapshotId, LakeTable? Opened, LakeSnapshot? At)
    {
        public TakenOffsets Offsets => Opened is null || At is null ? TakenOffsets.None : TakenOffsets.Of(Opened, SnapshotId);
    }

    /// <summary>Each version once, a target before its sources; the first is the one asked for.</summary>
    public List<Version> Versions { get; } = [];

    /// <summary>From a version of a source into a version of a target.</summary>
    public List<(Version Source, Version Target)> Reads { get; } = [];

    public static async Task<Upstream> OfAsync(LakeTables lake, LakeTable table, LakeSnapshot at, CancellationToken cancellationToken)
    {
        var upstream = new Upstream(lake);
        upstream._tables.Add(table.Name.ToString(), table);
        await upstream.AddAsync(table.Name.ToString(), at.SnapshotId, cancellationToken);
        return upstream;
    }

    async Task<Version> AddAsync(string table, long snapshotId, CancellationToken cancellationToken)
    {
        if (Versions.Find(known => known.Table == table && known.SnapshotId == snapshotId) is { } found) return found;
        if (!_tables.TryGetValue(table, out var opened)) _tables.Add(table, opened = await _lake.FindAsync(table, cancellationToken));
        var version = new Version(table, snapshotId, opened, opened?.FindSnapshot(snapshotId));
        Versions.Add(version);
        if (version.At is null || BatchPlan.IsExternal(table)) return version;
        foreach (var source in BatchPlan.Get(table).Sources)
            if (Watermarks.Find(opened!, source, snapshotId) is { } taken)
                Reads.Add((await AddAsync(source, taken, cancellationToken), version));
        return version;
    }
}
