using System.Globalization;
using System.Text.Json.Nodes;
using Olist.Lake;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>Tables and topics as the datasets of events.</summary>
sealed class DatasetFacts(string lakeUri, LineageNames names)
{
    public JsonObject Input(LakeTable table, long? from, long? to, long? rows)
    {
        var dataset = Dataset(table, to);
        var facets = new JsonObject { ["olist_snapshots"] = Facets.Custom("SnapshotRange", new() { ["fromSnapshotId"] = from, ["toSnapshotId"] = to }) };
        if (rows is { } count) facets["inputStatistics"] = Facets.InputStatistics(count);
        dataset["inputFacets"] = facets;
        return dataset;
    }

    /// <summary>A table as a job left it, with its columns and what the commit added.</summary>
    public JsonObject Output(LakeTable table, LakeSnapshot made, long? rows)
    {
        var dataset = Dataset(table, made.SnapshotId);
        dataset["facets"]!["schema"] = Facets.Schema(table.Columns.Select(column => (column.Name, TypeName(column.Type.ToString()!))));
        dataset["outputFacets"] = new JsonObject
        {
            ["outputStatistics"] = Facets.OutputStatistics(rows ?? Count(made, "added-records"), Count(made, "added-files-size"), Count(made, "added-data-files")),
        };
        return dataset;
    }

    /// <summary>A table that a job is about to fill: no version yet.</summary>
    public JsonObject Target(LakeTable table) => Dataset(table, null);

    public JsonObject Topic(string topic, string? logId, IEnumerable<OffsetRange> ranges) => new()
    {
        ["namespace"] = names.TopicNamespace(logId),
        ["name"] = topic,
        ["facets"] = new JsonObject { ["dataSource"] = Facets.Source(topic, names.TopicNamespace(logId)) },
        ["inputFacets"] = new JsonObject
        {
            ["olist_offsets"] = Facets.Custom("OffsetRanges", new()
            {
                ["log"] = logId,
                ["partitions"] = new JsonArray([.. ranges.Select(range => new JsonObject { ["partition"] = range.Partition, ["from"] = range.From, ["to"] = range.To })]),
            }),
            ["inputStatistics"] = Facets.InputStatistics(ranges.Sum(range => range.To - range.From)),
        },
    };

    JsonObject Dataset(LakeTable table, long? version)
    {
        var (space, name) = LineageNames.OfTable(table);
        var facets = new JsonObject
        {
            ["dataSource"] = Facets.Source(table.Name.ToString(), table.Location),
            ["symlinks"] = Facets.Symlink(lakeUri, table.Name.ToString()),
        };
        if (version is { } snapshot) facets["version"] = Facets.Version(snapshot);
        return new JsonObject { ["namespace"] = space, ["name"] = name, ["facets"] = facets };
    }

    static string TypeName(string type) => type.ToLowerInvariant();

    static long Count(LakeSnapshot snapshot, string key) =>
        snapshot.Summary.TryGetValue(key, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
}
