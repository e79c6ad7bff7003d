using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Lineage;

namespace Olist.Pipeline.Queries.Lineage;

/// <summary>Collects nodes and edges, each once.</summary>
/// <param name="withVersions">Whether versions of a table are nodes of their own.</param>
sealed class GraphBuilder(LineageNames names, bool withVersions)
{
    readonly Dictionary<string, LineageNode> _nodes = new(StringComparer.Ordinal);
    readonly List<LineageEdge> _edges = [];

    public void AddTable(Upstream.Version version)
    {
        var (space, name) = version.Opened is { } table ? LineageNames.OfTable(table) : ("", version.Table);
        _nodes[IdOf(version)] = new LineageNode(IdOf(version), "table", space, name, version.Table, version.At?.SnapshotId ?? (version.SnapshotId == 0 ? null : version.SnapshotId), version.At?.Timestamp,
            version.Opened is null || version.At is null ? null : version.Opened.FindSummaryEntry(BatchStep.RunKey, version.SnapshotId), withVersions ? version.At is null : null);
    }

    /// <param name="before">What the table had taken in before; <see langword="null"/>: not known any more.</param>
    public void AddTopics(Upstream.Version version, TakenOffsets? before)
    {
        var taken = version.Offsets;
        foreach (var (topic, next) in taken.Next)
        {
            var id = "topic:" + topic;
            _nodes.TryAdd(id, new LineageNode(id, "topic", names.TopicNamespace(taken.LogId), topic));
            var earlier = before?.Next.GetValueOrDefault(topic);
            _edges.Add(new LineageEdge(id, JobOf(version), Partitions:
                [.. next.OrderBy(entry => entry.Key).Select(entry => new PartitionRange(entry.Key, 0, entry.Value, before is null ? null : earlier?.GetValueOrDefault(entry.Key) ?? 0))]));
        }
    }

    public void AddRead(Upstream.Version source, Upstream.Version target, long? from) => _edges.Add(new LineageEdge(IdOf(source), JobOf(target), from, source.SnapshotId));

    public LineageDocument Build(string? table, long? snapshotId) => new(table, snapshotId, [.. _nodes.Values], _edges);

    /// <summary>The job that made a version; it appears with its first input.</summary>
    string JobOf(Upstream.Version target)
    {
        var id = "job:" + KeyOf(target);
        if (_nodes.TryAdd(id, new LineageNode(id, "job", LineageNames.Jobs, LineageNames.JobOf(target.Table), target.Table))) _edges.Add(new LineageEdge(id, IdOf(target)));
        return id;
    }

    string IdOf(Upstream.Version version) => "table:" + KeyOf(version);

    string KeyOf(Upstream.Version version) => withVersions ? $"{version.Table}@{version.SnapshotId}" : version.Table;
}
