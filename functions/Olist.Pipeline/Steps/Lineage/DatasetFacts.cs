using System.Globalization;
using System.Text.Json;
using Olist.Lake;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>Tables and topics as the datasets of events, each an element of the array that is open.</summary>
sealed class DatasetFacts(string lakeUri, LineageNames names)
{
    public void Input(Utf8JsonWriter json, LakeTable table, long? from, long? to, long? rows)
    {
        Begin(json, table, to).End().Begin("inputFacets").Begin("olist_snapshots").Number("fromSnapshotId", from).Number("toSnapshotId", to).EndOwn("SnapshotRange");
        if (rows is { } count) json.InputStatistics(count);
        json.End().End();
    }

    /// <summary>A table as a job left it, with its columns and what the commit added.</summary>
    public void Output(Utf8JsonWriter json, LakeTable table, LakeSnapshot made, long? rows) =>
        Begin(json, table, made.SnapshotId).Schema(table.Columns.Select(column => (column.Name, TypeName(column.Type.ToString()!)))).End()
            .Begin("outputFacets").OutputStatistics(rows ?? Count(made, "added-records"), Count(made, "added-files-size"), Count(made, "added-data-files")).End().End();

    /// <summary>A table that a job is about to fill: no version yet.</summary>
    public void Target(Utf8JsonWriter json, LakeTable table) => Begin(json, table, null).End().End();

    public void Topic(Utf8JsonWriter json, string topic, string? logId, IReadOnlyList<OffsetRange> ranges)
    {
        var space = names.TopicNamespace(logId);
        json.Begin().Text("namespace", space).Text("name", topic).Begin("facets").Source(topic, space).End().Begin("inputFacets")
            .Begin("olist_offsets").Text("log", logId).Array("partitions", ranges, (list, range) => list.Begin().Number("partition", range.Partition).Number("from", range.From).Number("to", range.To).End()).EndOwn("OffsetRanges")
            .InputStatistics(ranges.Sum(range => range.To - range.From)).End().End();
    }

    /// <summary>Leaves the dataset's facets open.</summary>
    Utf8JsonWriter Begin(Utf8JsonWriter json, LakeTable table, long? version)
    {
        var ((space, path), name) = (LineageNames.OfTable(table), table.Name.ToString());
        json.Begin().Text("namespace", space).Text("name", path).Begin("facets").Source(name, table.Location).Symlink(lakeUri, name);
        return version is { } snapshot ? json.Version(snapshot) : json;
    }

    static string TypeName(string type) => type.ToLowerInvariant();

    static long Count(LakeSnapshot snapshot, string key) =>
        snapshot.Summary.TryGetValue(key, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
}
