using System.Globalization;
using System.Text.Json;

namespace Olist.Pipeline.Tests.Lineage;

/// <summary>What OpenLineage 2-0-2 and its facets require of a run event, written down by hand from the published JSON schemas, and that a facet says nothing that its schema does not know.</summary>
static class OpenLineageRules
{
    static readonly string[] Types = ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"];

    /// <summary>By the facet's name: id of its schema, required fields, other fields; T text, I integer, O object, A array.</summary>
    static readonly Dictionary<string, (string Schema, string Required, string Optional)> Known = new()
    {
        ["parent"] = ("https://openlineage.io/spec/facets/1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet", "run:O job:O", "root:O"),
        ["errorMessage"] = ("https://openlineage.io/spec/facets/1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet", "message:T programmingLanguage:T", "stackTrace:T"),
        ["jobType"] = ("https://openlineage.io/spec/facets/2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet", "processingType:T integration:T", "jobType:T emissionPattern:O"),
        ["version"] = ("https://openlineage.io/spec/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet", "datasetVersion:T", ""),
        ["dataSource"] = ("https://openlineage.io/spec/facets/1-0-1/DatasourceDatasetFacet.json#/$defs/DatasourceDatasetFacet", "", "name:T uri:T"),
        ["symlinks"] = ("https://openlineage.io/spec/facets/1-0-1/SymlinksDatasetFacet.json#/$defs/SymlinksDatasetFacet", "", "identifiers:A"),
        ["schema"] = ("https://openlineage.io/spec/facets/1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet", "", "fields:A"),
        ["inputStatistics"] = ("https://openlineage.io/spec/facets/1-0-0/InputStatisticsInputDatasetFacet.json#/$defs/InputStatisticsInputDatasetFacet", "", "rowCount:I size:I fileCount:I"),
        ["outputStatistics"] = ("https://openlineage.io/spec/facets/1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet", "", "rowCount:I size:I fileCount:I"),
    };

    /// <summary>What is wrong with an event; empty when nothing is.</summary>
    public static List<string> Violations(JsonElement one)
    {
        var wrong = new List<string>();
        void Require(bool holds, string what)
        {
            if (!holds) wrong.Add(what);
        }

        Require(!Unknown(one, "eventType eventTime run job inputs outputs producer schemaURL").Any(), "unknown members");
        Require(Types.Contains(Text(one, "eventType")), "eventType");
        Require(DateTimeOffset.TryParse(Text(one, "eventTime"), CultureInfo.InvariantCulture, out _) && Text(one, "eventTime")!.EndsWith('Z'), "eventTime");
        Require(IsUri(Text(one, "producer")), "producer");
        Require(Text(one, "schemaURL") == "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent", "schemaURL");
        var run = one.GetProperty("run");
        Require(Guid.TryParseExact(Text(run, "runId"), "D", out _), "run.runId");
        Facets(run, "facets", wrong);
        if (run.GetProperty("facets").TryGetProperty("parent", out var parent))
        {
            Require(Guid.TryParseExact(Text(parent.GetProperty("run"), "runId"), "D", out _), "parent.run.runId");
            Named(parent.GetProperty("job"), wrong);
        }
        Named(one.GetProperty("job"), wrong);
        Facets(one.GetProperty("job"), "facets", wrong);
        foreach (var (list, facets) in new[] { ("inputs", "inputFacets"), ("outputs", "outputFacets") })
            foreach (var dataset in one.GetProperty(list).EnumerateArray())
            {
                Require(!Unknown(dataset, "namespace name facets " + facets).Any(), $"{list}: unknown members");
                Named(dataset, wrong);
                Facets(dataset, "facets", wrong);
                Facets(dataset, facets, wrong);
            }
        return wrong;
    }

    static void Named(JsonElement one, List<string> wrong)
    {
        if (string.IsNullOrEmpty(Text(one, "namespace")) || string.IsNullOrEmpty(Text(one, "name"))) wrong.Add($"no namespace or name in {one}");
    }

    static void Facets(JsonElement owner, string name, List<string> wrong)
    {
        if (!owner.TryGetProperty(name, out var facets)) return;
        foreach (var facet in facets.EnumerateObject())
        {
            if (!IsUri(Text(facet.Value, "_producer")) || !IsUri(Text(facet.Value, "_schemaURL"))) wrong.Add($"{facet.Name} lacks _producer or _schemaURL");
            if (!Known.TryGetValue(facet.Name, out var rule))
            {
                if (!facet.Name.StartsWith("olist_", StringComparison.Ordinal)) wrong.Add($"{facet.Name} is no facet of the specification and has no prefix of its own");
                continue;
            }
            if (Text(facet.Value, "_schemaURL") != rule.Schema) wrong.Add($"{facet.Name} names another schema");
            var fields = $"{rule.Required} {rule.Optional}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(field => field.Split(':')).ToDictionary(field => field[0], field => field[1]);
            foreach (var required in rule.Required.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                if (!facet.Value.TryGetProperty(required.Split(':')[0], out _)) wrong.Add($"{facet.Name} lacks {required}");
            foreach (var field in facet.Value.EnumerateObject().Where(field => !field.Name.StartsWith('_')))
                if (!fields.TryGetValue(field.Name, out var type) || !Fits(field.Value, type)) wrong.Add($"{facet.Name}.{field.Name}");
        }
    }

    static bool Fits(JsonElement value, string type) => type switch
    {
        "T" => value.ValueKind == JsonValueKind.String,
        "I" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "A" => value.ValueKind == JsonValueKind.Array,
        _ => value.ValueKind == JsonValueKind.Object,
    };

    static IEnumerable<string> Unknown(JsonElement one, string known) => one.EnumerateObject().Select(member => member.Name).Except(known.Split(' '));

    static bool IsUri(string? text) => Uri.TryCreate(text, UriKind.Absolute, out _);

    static string? Text(JsonElement one, string name) => one.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
