using System.Globalization;
using System.Text.Json.Nodes;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>OpenLineage's own words: the version of the specification that events keep to, and its facets.</summary>
static class Facets
{
    const string Spec = "https://openlineage.io/spec/";

    /// <summary>Of events and of all facets.</summary>
    public const string Producer = "urn:olist-functions:pipeline";

    public const string RunEventSchema = Spec + "2-0-2/OpenLineage.json#/$defs/RunEvent";

    /// <summary>Facets of this project; what is in them stands in <c>schemas/lineage/facets-1.json</c>, whose id this is.</summary>
    const string Own = "urn:olist-functions:schemas:lineage:facets-1#/$defs/";

    public static JsonObject Parent(Guid run, string job) => Public("1-2-0", "ParentRunFacet", new()
    {
        ["run"] = new JsonObject { ["runId"] = run.ToString() },
        ["job"] = new JsonObject { ["namespace"] = LineageNames.Jobs, ["name"] = job },
    });

    public static JsonObject Error(string message) => Public("1-0-1", "ErrorMessageRunFacet", new() { ["message"] = message, ["programmingLanguage"] = "C#" });

    public static JsonObject JobType(string processing, string type) =>
        Public("2-0-4", "JobTypeJobFacet", new() { ["processingType"] = processing, ["integration"] = "OLIST", ["jobType"] = type });

    public static JsonObject Version(long snapshotId) => Public("1-0-1", "DatasetVersionDatasetFacet", new() { ["datasetVersion"] = snapshotId.ToString(CultureInfo.InvariantCulture) });

    public static JsonObject Source(string name, string uri) => Public("1-0-1", "DatasourceDatasetFacet", new() { ["name"] = name, ["uri"] = uri });

    public static JsonObject Symlink(string lake, string table) => Public("1-0-1", "SymlinksDatasetFacet", new()
    {
        ["identifiers"] = new JsonArray(new JsonObject { ["namespace"] = lake, ["name"] = table, ["type"] = "TABLE" }),
    });

    public static JsonObject Schema(IEnumerable<(string Name, string Type)> columns) => Public("1-2-0", "SchemaDatasetFacet", new()
    {
        ["fields"] = new JsonArray([.. columns.Select((column, i) => new JsonObject { ["name"] = column.Name, ["type"] = column.Type, ["ordinal_position"] = i + 1 })]),
    });

    public static JsonObject InputStatistics(long rows) => Public("1-0-0", "InputStatisticsInputDatasetFacet", new() { ["rowCount"] = rows });

    public static JsonObject OutputStatistics(long rows, long bytes, long files) =>
        Public("1-0-2", "OutputStatisticsOutputDatasetFacet", new() { ["rowCount"] = rows, ["size"] = bytes, ["fileCount"] = files });

    /// <summary>A facet of this project.</summary>
    public static JsonObject Custom(string definition, JsonObject content) => With(Own + definition, content);

    static JsonObject Public(string version, string name, JsonObject content) => With($"{Spec}facets/{version}/{name}.json#/$defs/{name}", content);

    static JsonObject With(string schema, JsonObject content)
    {
        content["_producer"] = Producer;
        content["_schemaURL"] = schema;
        return content;
    }
}
