using System.Globalization;
using Olist.Lake;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Pipeline.Tests.Soak;

/// <summary>How much lies about in one table, as its newest snapshot and its metadata say.</summary>
sealed record TableFigures(string Table, long DataFiles, long DeleteFiles, int Snapshots, long Rows, long Bytes, IReadOnlyList<LakeSnapshot> Listed)
{
    public static async Task<IReadOnlyList<TableFigures>> ReadAllAsync(LakeTables tables, CancellationToken cancellationToken)
    {
        var figures = new List<TableFigures>();
        foreach (var name in await tables.Catalog.ListTablesAsync(cancellationToken))
            if (await tables.FindAsync(name.ToString(), cancellationToken) is { Current: { } head } table)
                figures.Add(new TableFigures(name.ToString(), Total(head, "data-files"), Total(head, "delete-files"), table.Snapshots.Count, Total(head, "records"), Total(head, "files-size"), table.Snapshots));
        return figures;
    }

    static long Total(LakeSnapshot head, string what) => long.Parse(head.Summary["total-" + what], CultureInfo.InvariantCulture);
}

/// <summary>What was seen over the whole time: peaks just before each upkeep, and what upkeep did.</summary>
sealed class TrafficFigures
{
    readonly Lock _lock = new();

    public Dictionary<string, TableFigures> Peaks { get; } = [];
    public List<string> Problems { get; } = [];
    public int Compactions { get; private set; }
    public Dictionary<string, long> BytesRewritten { get; } = [];
    /// <summary>Bytes of data files that writers committed.</summary>
    public Dictionary<string, long> BytesCommitted { get; } = [];

    readonly Dictionary<string, long> _seen = [];

    public int SnapshotsExpired { get; private set; }

    public void Take(IReadOnlyList<TableFigures> tables)
    {
        lock (_lock)
            foreach (var now in tables)
            {
                var seen = _seen.GetValueOrDefault(now.Table);
                BytesCommitted[now.Table] = BytesCommitted.GetValueOrDefault(now.Table)
                    + now.Listed.Where(snapshot => snapshot.SequenceNumber > seen && snapshot.Operation != "replace").Sum(snapshot => long.Parse(snapshot.Summary.GetValueOrDefault("added-files-size", "0"), CultureInfo.InvariantCulture));
                _seen[now.Table] = now.Listed[^1].SequenceNumber;
                var peak = Peaks.GetValueOrDefault(now.Table, now);
                Peaks[now.Table] = now with
                {
                    DataFiles = Math.Max(now.DataFiles, peak.DataFiles), DeleteFiles = Math.Max(now.DeleteFiles, peak.DeleteFiles), Snapshots = Math.Max(now.Snapshots, peak.Snapshots),
                };
            }
    }

    public void Take(IReadOnlyList<TableMaintenance> results, bool isLight)
    {
        lock (_lock)
            foreach (var result in results)
            {
                if (result.Problem is { } problem) Problems.Add($"{(isLight ? "light" : "full")} {result.Table}: {problem}");
                if (result.Compaction is { SnapshotId: not null } compaction)
                {
                    Compactions++;
                    BytesRewritten[result.Table.ToString()] = BytesRewritten.GetValueOrDefault(result.Table.ToString()) + compaction.BytesWritten;
                }
                SnapshotsExpired += result.Expiry?.Removed.Count ?? 0;
            }
    }
}
