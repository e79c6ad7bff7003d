namespace Olist.Pipeline.Queries.Lineage;

/// <summary>Where data comes from: topics and tables, the jobs between them, and how far each had read.</summary>
/// <param name="Table">The table that was asked for; <see langword="null"/>: all of them, at their heads.</param>
/// <param name="SnapshotId">Its version.</param>
public sealed record LineageDocument(string? Table, long? SnapshotId, IReadOnlyList<LineageNode> Nodes, IReadOnlyList<LineageEdge> Edges);

/// <summary>A topic, a version of a table, or a job.</summary>
/// <param name="Id">Unique in the document; edges name it.</param>
/// <param name="Type"><c>topic</c>, <c>table</c> or <c>job</c>.</param>
/// <param name="Namespace">As OpenLineage names it, and so in the events of runs.</param>
/// <param name="Name">Likewise.</param>
/// <param name="Table">Of tables: <c>layer.name</c>; of jobs: the table that it fills.</param>
/// <param name="SnapshotId">Of tables: the version.</param>
/// <param name="CommittedAt">Of tables: when; <see langword="null"/> for a version that has expired, beyond which nothing is known.</param>
/// <param name="RunId">Of tables of the batch layer: the run that made the version; <c>runs/{id}</c> tells more while it is remembered.</param>
/// <param name="Expired">Of tables: whether the version is gone from the table's list.</param>
public sealed record LineageNode(string Id, string Type, string Namespace, string Name, string? Table = null, long? SnapshotId = null, DateTimeOffset? CommittedAt = null, string? RunId = null, bool? Expired = null);

/// <summary>Data that went from a topic or table into a job, or from a job into a table.</summary>
/// <param name="From">Id of a node.</param>
/// <param name="To">Id of a node.</param>
/// <param name="FromSnapshotId">Of a source: excluded; what the target's last change took in begins after it. <see langword="null"/>: at the beginning, or it has expired.</param>
/// <param name="ToSnapshotId">Of a source: included.</param>
/// <param name="Partitions">Of a topic: what was read.</param>
public sealed record LineageEdge(string From, string To, long? FromSnapshotId = null, long? ToSnapshotId = null, IReadOnlyList<PartitionRange>? Partitions = null);

/// <summary>Messages of a partition that a version of a table is made of.</summary>
/// <param name="From">First offset, included.</param>
/// <param name="To">Last offset, excluded.</param>
/// <param name="GainedFrom">Of these, what the last change of the asked version took in begins here; equal to <paramref name="To"/> when it is nothing, <see langword="null"/> when the version before has expired.</param>
public sealed record PartitionRange(int Partition, long From, long To, long? GainedFrom);
