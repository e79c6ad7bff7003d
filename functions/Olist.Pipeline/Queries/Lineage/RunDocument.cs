using System.Text.Json.Nodes;

namespace Olist.Pipeline.Queries.Lineage;

/// <summary>What a run did: its steps, and the events that say so.</summary>
/// <param name="RunId">Of the run.</param>
/// <param name="Status"><c>COMPLETE</c> or <c>FAIL</c>.</param>
/// <param name="Steps">In the order in which they began.</param>
/// <param name="Events">All of them, in the order of time, as OpenLineage.</param>
public sealed record RunDocument(Guid RunId, string Status, string StartedAt, string EndedAt, IReadOnlyList<RunDocument.Step> Steps, IReadOnlyList<JsonObject> Events)
{
    /// <summary>A step, or the ingestion that it read from.</summary>
    /// <param name="Reads">Tables with their versions, and topics.</param>
    /// <param name="Writes">Likewise.</param>
    /// <param name="Took">Rows and time; <see langword="null"/> of one that failed, or of ingestion.</param>
    public sealed record Step(string Job, string Status, string StartedAt, string EndedAt, IReadOnlyList<Dataset> Reads, IReadOnlyList<Dataset> Writes, JsonNode? Took, string? Error);

    /// <summary>A table or topic as a step used it.</summary>
    public sealed record Dataset(string Name, string? Version, long? Rows);

    /// <param name="events">Of one run, in the order of time.</param>
    public static RunDocument Of(Guid runId, IReadOnlyList<JsonObject> events)
    {
        var steps = events.GroupBy(one => (string)one["run"]!["runId"]!).ToList();
        var whole = steps.Single(step => step.Key == runId.ToString());
        return new RunDocument(runId, Text(whole.Last(), "eventType"), Text(whole.First(), "eventTime"), Text(whole.Last(), "eventTime"),
            [.. steps.Where(step => step != whole).Select(step => StepOf(step.First(), step.Last()))], events);
    }

    static Step StepOf(JsonObject first, JsonObject last)
    {
        var facets = last["run"]!["facets"]!;
        return new Step((string)last["job"]!["name"]!, Text(last, "eventType"), Text(first, "eventTime"), Text(last, "eventTime"), Datasets(last, "inputs", "inputFacets", "inputStatistics"),
            Datasets(last, "outputs", "outputFacets", "outputStatistics"), Bare(facets["olist_took"]), (string?)facets["errorMessage"]?["message"]);
    }

    static Dataset[] Datasets(JsonObject one, string list, string facets, string statistics) => [.. one[list]!.AsArray().Select(dataset => new Dataset(
        (string?)dataset!["facets"]?["dataSource"]?["name"] ?? (string)dataset["name"]!, (string?)dataset["facets"]?["version"]?["datasetVersion"], (long?)dataset[facets]?[statistics]?["rowCount"]))];

    /// <summary>A facet without what every facet has.</summary>
    static JsonObject? Bare(JsonNode? facet)
    {
        if (facet?.DeepClone() is not JsonObject bare) return null;
        bare.Remove("_producer");
        bare.Remove("_schemaURL");
        return bare;
    }

    static string Text(JsonObject one, string name) => (string)one[name]!;
}
