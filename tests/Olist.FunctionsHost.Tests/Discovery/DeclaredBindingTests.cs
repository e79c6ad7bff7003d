using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Tests.Support;

namespace Olist.FunctionsHost.Tests.Discovery;

/// <summary>What the host indexes against what the official build wrote for the same source (only the namespaces differed).</summary>
public sealed class DeclaredBindingTests
{
    [Theory]
    [InlineData("http_all", """{"name":"request","type":"httpTrigger","direction":"In","authLevel":"Function","methods":["get","post"],"route":"orders/{id:int?}"}""",
        """{"name":"client","type":"durableClient","direction":"In","taskHub":"hub"}""", """{"name":"$return","type":"http","direction":"Out"}""")]
    [InlineData("http_level", """{"name":"request","type":"httpTrigger","direction":"In","authLevel":"Anonymous"}""", """{"name":"$return","type":"http","direction":"Out"}""")]
    [InlineData("http_methods", """{"name":"request","type":"httpTrigger","direction":"In","methods":["get"]}""", """{"name":"$return","type":"http","direction":"Out"}""")]
    [InlineData("http_bare", """{"name":"request","type":"httpTrigger","direction":"In"}""", """{"name":"Answer","type":"http","direction":"Out"}""")]
    [InlineData("timer_plain", """{"name":"timer","type":"timerTrigger","direction":"In","schedule":"%Schedule%"}""")]
    [InlineData("timer_all", """{"name":"timer","type":"timerTrigger","direction":"In","schedule":"0 */5 * * * *","useMonitor":false,"runOnStartup":true}""")]
    [InlineData("kafka_records", """{"name":"records","type":"kafkaTrigger","direction":"In","properties":{"supportsDeferredBinding":"True"},"brokerList":"%Brokers%","topic":"t","consumerGroup":"g","cardinality":"Many","keyDataType":"Binary"}""")]
    [InlineData("kafka_record", """{"name":"record","type":"kafkaTrigger","direction":"In","properties":{"supportsDeferredBinding":"True"},"brokerList":"b","topic":"t","consumerGroup":"g","protocol":"SaslSsl","authenticationMode":"Plain","lagThreshold":5,"cardinality":"One"}""")]
    [InlineData("kafka_bytes", """{"name":"value","type":"kafkaTrigger","direction":"In","brokerList":"b","topic":"t","consumerGroup":"g","cardinality":"One","dataType":"Binary"}""")]
    [InlineData("kafka_byte_arrays", """{"name":"values","type":"kafkaTrigger","direction":"In","brokerList":"b","topic":"t","consumerGroup":"g","cardinality":"Many","dataType":"Binary"}""")]
    [InlineData("kafka_strings", """{"name":"values","type":"kafkaTrigger","direction":"In","brokerList":"b","topic":"t","consumerGroup":"g","cardinality":"Many","dataType":"String"}""")]
    [InlineData("orchestrator", """{"name":"context","type":"orchestrationTrigger","direction":"In"}""")]
    [InlineData("orchestrator_named", """{"name":"context","type":"orchestrationTrigger","direction":"In","orchestration":"Other"}""")]
    [InlineData("activity_text", """{"name":"input","type":"activityTrigger","direction":"In","dataType":"String"}""")]
    [InlineData("activity_record", """{"name":"input","type":"activityTrigger","direction":"In","activity":"Other"}""")]
    [InlineData("entity", """{"name":"dispatcher","type":"entityTrigger","direction":"In","entityName":"Counter"}""")]
    public void Bindings_are_those_of_the_official_build(string name, params string[] official)
    {
        using var folder = new TempFolder();
        folder.Write("local.settings.json", """{ "Values": { "Schedule": "0 0 0 1 1 *", "Brokers": "local" } }""");
        using var host = TestHost.CreateBuilder(folder, [typeof(EveryBinding)]).Build();
        var function = host.Services.GetRequiredService<FunctionSet>().Find(name)!;
        var found = function.Descriptor.Bindings;

        Assert.Equal($"Olist.FunctionsHost.Tests.Discovery.EveryBinding.{string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))}", function.Descriptor.EntryPoint);
        Assert.Equal(official.Length, found.Count);
        Assert.All(official.Zip(found), pair => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(pair.First), pair.Second.ToJson()), $"official {pair.First}, here {pair.Second.ToJson().ToJsonString()}"));
    }
}
