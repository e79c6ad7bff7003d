using Olist.Lake;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Lineage;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Pipeline.Queries.Lineage;

/// <summary>The lineage of tables down to offsets of topics, from the summaries of their snapshots: it is there even for what was committed by a run that died, and can't disagree with the rows.</summary>
public sealed class LineageGraph(LakeTables lake, LineageNames names)
{
    /// <summary>All tables at their heads, what fills them, and how far it has read.</summary>
    public async Task<LineageDocument> WholeAsync(CancellationToken cancellationToken)
    {
        var document = new GraphBuilder(names, withVersions: false);
        foreach (var name in await lake.Catalog.ListTablesAsync(cancellationToken))
        {
            if (await lake.FindAsync(name.ToString(), cancellationToken) is not { } table) continue;
            var version = new Upstream.Version(name.ToString(), table.Current?.SnapshotId ?? 0, table, table.Current);
            document.AddTable(version);
            if (table.Current is not { } head) continue;
            var before = Before(table, head);
            document.AddTopics(version, before.IsKnown ? TakenOffsets.Of(table, before.SnapshotId) : null);
            if (BatchPlan.IsExternal(version.Table)) continue;
            foreach (var source in BatchPlan.Get(version.Table).Sources)
                if (Watermarks.Find(table, source) is { } taken)
                    document.AddRead(new Upstream.Version(source, taken, null, null), version, before.SnapshotId is { } id ? Watermarks.Find(table, source, id) : null);
        }
        return document.Build(null, null);
    }

    /// <summary>What one version of a table came of.</summary>
    public async Task<LineageDocument> OfAsync(LakeTable table, LakeSnapshot at, CancellationToken cancellationToken)
    {
        var upstream = await Upstream.OfAsync(lake, table, at, cancellationToken);
        var before = Before(table, at);
        var earlier = before.SnapshotId is { } id ? await Upstream.OfAsync(lake, table, table.FindSnapshot(id)!, cancellationToken) : null;
        // The same way from the version before: what lies between is what the last change took in.
        Upstream.Version? Earlier(string source) => earlier?.Versions.Where(version => version.Table == source).MinBy(version => version.At?.SequenceNumber ?? 0);

        var document = new GraphBuilder(names, withVersions: true);
        foreach (var version in upstream.Versions)
        {
            document.AddTable(version);
            var known = Earlier(version.Table);
            document.AddTopics(version, !before.IsKnown || known is { At: null } ? null : known?.Offsets ?? TakenOffsets.None);
        }
        foreach (var (source, target) in upstream.Reads) document.AddRead(source, target, Earlier(source.Table)?.SnapshotId);
        return document.Build(table.Name.ToString(), at.SnapshotId);
    }

    /// <summary>The version before the last change of rows.</summary>
    static (long? SnapshotId, bool IsKnown) Before(LakeTable table, LakeSnapshot at)
    {
        var parent = Ancestry.LastChange(table, at).ParentId;
        return parent is null ? (null, true) : table.FindSnapshot(parent.Value) is null ? (null, false) : (parent, true);
    }
}
