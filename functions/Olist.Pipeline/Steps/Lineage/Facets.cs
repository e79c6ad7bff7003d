using System.Globalization;
using System.Text.Json;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>OpenLineage's own words: the version of the specification that events keep to, and its facets, each a member of the object that is open.</summary>
static class Facets
{
    const string Spec = "https://openlineage.io/spec/";

    /// <summary>Of events and of all facets.</summary>
    public const string Producer = "urn:olist-functions:pipeline";

    public const string RunEventSchema = Spec + "2-0-2/OpenLineage.json#/$defs/RunEvent";

    /// <summary>Facets of this project; what is in them stands in <c>schemas/lineage/facets-1.json</c>, whose id this is.</summary>
    const string Own = "urn:olist-functions:schemas:lineage:facets-1#/$defs/";

    static readonly string
        ParentUrl = Public("1-2-0", "ParentRunFacet"), ErrorUrl = Public("1-0-1", "ErrorMessageRunFacet"), JobTypeUrl = Public("2-0-4", "JobTypeJobFacet"),
        VersionUrl = Public("1-0-1", "DatasetVersionDatasetFacet"), SourceUrl = Public("1-0-1", "DatasourceDatasetFacet"), SymlinkUrl = Public("1-0-1", "SymlinksDatasetFacet"), SchemaUrl = Public("1-2-0", "SchemaDatasetFacet"),
        InputStatisticsUrl = Public("1-0-0", "InputStatisticsInputDatasetFacet"), OutputStatisticsUrl = Public("1-0-2", "OutputStatisticsOutputDatasetFacet");

    public static Utf8JsonWriter Parent(this Utf8JsonWriter json, Guid run, string job) =>
        json.Begin("parent").Begin("run").Text("runId", run.ToString()).End().Begin("job").Text("namespace", LineageNames.Jobs).Text("name", job).End().EndFacet(ParentUrl);

    public static Utf8JsonWriter Error(this Utf8JsonWriter json, string message) => json.Begin("errorMessage").Text("message", message).Text("programmingLanguage", "C#").EndFacet(ErrorUrl);

    public static Utf8JsonWriter JobType(this Utf8JsonWriter json, string processing, string type) =>
        json.Begin("jobType").Text("processingType", processing).Text("integration", "OLIST").Text("jobType", type).EndFacet(JobTypeUrl);

    public static Utf8JsonWriter Version(this Utf8JsonWriter json, long snapshotId) => json.Begin("version").Text("datasetVersion", snapshotId.ToString(CultureInfo.InvariantCulture)).EndFacet(VersionUrl);

    public static Utf8JsonWriter Source(this Utf8JsonWriter json, string name, string uri) => json.Begin("dataSource").Text("name", name).Text("uri", uri).EndFacet(SourceUrl);

    public static Utf8JsonWriter Symlink(this Utf8JsonWriter json, string lake, string table) => json.Begin("symlinks")
        .Array("identifiers", [table], (list, name) => list.Begin().Text("namespace", lake).Text("name", name).Text("type", "TABLE").End()).EndFacet(SymlinkUrl);

    public static Utf8JsonWriter Schema(this Utf8JsonWriter json, IEnumerable<(string Name, string Type)> columns) => json.Begin("schema")
        .Array("fields", columns.Index(), (list, column) => list.Begin().Text("name", column.Item.Name).Text("type", column.Item.Type).Number("ordinal_position", column.Index + 1).End()).EndFacet(SchemaUrl);

    public static Utf8JsonWriter InputStatistics(this Utf8JsonWriter json, long rows) => json.Begin("inputStatistics").Number("rowCount", rows).EndFacet(InputStatisticsUrl);

    public static Utf8JsonWriter OutputStatistics(this Utf8JsonWriter json, long rows, long bytes, long files) =>
        json.Begin("outputStatistics").Number("rowCount", rows).Number("size", bytes).Number("fileCount", files).EndFacet(OutputStatisticsUrl);

    /// <summary>Ends a facet of this project.</summary>
    public static Utf8JsonWriter EndOwn(this Utf8JsonWriter json, string definition) => json.EndFacet(Own + definition);

    static string Public(string version, string name) => $"{Spec}facets/{version}/{name}.json#/$defs/{name}";

    static Utf8JsonWriter EndFacet(this Utf8JsonWriter json, string schema) => json.Text("_producer", Producer).Text("_schemaURL", schema).End();
}
