using System.Text.Json;

namespace Olist.Pipeline.Tests.Lineage;

/// <summary>The judge of events says no when it should.</summary>
public sealed class OpenLineageRulesTests
{
    const string Good = """
        {"eventType":"COMPLETE","eventTime":"2018-03-01T00:00:00.000000Z","run":{"runId":"0190a1b2-0000-7000-8000-000000000001","facets":{}},
         "job":{"namespace":"olist","name":"batch","facets":{}},"inputs":[],
         "outputs":[{"namespace":"file","name":"/lake/gold/t","facets":{"version":{"_producer":"urn:a:b","_schemaURL":"https://openlineage.io/spec/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet","datasetVersion":"1"}}}],
         "producer":"urn:a:b","schemaURL":"https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"}
        """;

    [Fact]
    public void A_good_event_is_let_through() => Assert.Empty(OpenLineageRules.Violations(JsonDocument.Parse(Good).RootElement));

    [Theory]
    [InlineData("COMPLETE", "DONE")]
    [InlineData("2018-03-01T00:00:00.000000Z", "yesterday")]
    [InlineData("0190a1b2-0000-7000-8000-000000000001", "run-1")]
    [InlineData("\"name\":\"batch\"", "\"name\":\"\"")]
    [InlineData("\"datasetVersion\":\"1\"", "\"datasetVersion\":1")]
    [InlineData("\"datasetVersion\":\"1\"", "\"snapshot\":\"1\"")]
    [InlineData("\"version\":{\"_producer\":\"urn:a:b\",", "\"version\":{")]
    [InlineData("\"version\":", "\"my_version\":")]
    [InlineData("\"inputs\"", "\"sources\":[],\"inputs\"")]
    public void A_spoiled_one_is_not(string good, string bad) =>
        Assert.NotEmpty(OpenLineageRules.Violations(JsonDocument.Parse(Good.Replace(good, bad, StringComparison.Ordinal)).RootElement));
}
