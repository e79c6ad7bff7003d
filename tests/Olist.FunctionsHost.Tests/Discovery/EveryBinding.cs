using Microsoft.AspNetCore.Http;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Tests.Discovery;

/// <summary>One function for each way to write a binding; what the official build makes of them is in <see cref="DeclaredBindingTests"/>.</summary>
public static class EveryBinding
{
    [Function("http_all")] public static void HttpAll([HttpTrigger(AuthorizationLevel.Function, "get", "post", Route = "orders/{id:int?}")] HttpRequest request, [DurableClient(TaskHub = "hub")] DurableTaskClient client) => _ = (request, client);
    [Function("http_level")] public static Task<IResult> HttpLevel([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Task.FromResult(Results.Json(request.Path));
    [Function("http_methods")] public static IResult HttpMethods([HttpTrigger("get")] HttpRequest request) => Results.Json(request.Path);
    [Function("http_bare")] public static HttpParts HttpBare([HttpTrigger] HttpRequest request) => new() { Answer = Results.Json(request.Path) };
    [Function("timer_plain")] public static Task TimerPlain([TimerTrigger("%Schedule%")] TimerInfo timer, CancellationToken token) => Task.FromResult((timer, token));
    [Function("timer_all")] public static ValueTask TimerAll([TimerTrigger("0 */5 * * * *", UseMonitor = false, RunOnStartup = true)] TimerInfo timer) => timer is null ? default : ValueTask.CompletedTask;
    [Function("kafka_records"), FixedDelayRetry(3, "00:00:10")] public static Task KafkaRecords([KafkaTrigger("%Brokers%", "t", ConsumerGroup = "g", IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records) => Task.FromResult(records);
    [Function("kafka_record")] public static Task KafkaRecord([KafkaTrigger("b", "t", ConsumerGroup = "g", Protocol = BrokerProtocol.SaslSsl, AuthenticationMode = BrokerAuthenticationMode.Plain, LagThreshold = 5)] KafkaRecord record) => Task.FromResult(record);
    [Function("kafka_bytes")] public static Task KafkaBytes([KafkaTrigger("b", "t", ConsumerGroup = "g", IsBatched = false)] byte[] value) => Task.FromResult(value);
    [Function("kafka_byte_arrays")] public static Task KafkaByteArrays([KafkaTrigger("b", "t", ConsumerGroup = "g", IsBatched = true)] byte[][] values) => Task.FromResult(values);
    [Function("kafka_strings")] public static Task KafkaStrings([KafkaTrigger("b", "t", ConsumerGroup = "g", IsBatched = true)] string[] values) => Task.FromResult(values);
    [Function("orchestrator")] public static Task<string?> Orchestrator([OrchestrationTrigger] TaskOrchestrationContext context, string? input) => Task.FromResult(context.Name.Name == input ? null : input);
    [Function("orchestrator_named")] public static Task OrchestratorNamed([OrchestrationTrigger(Orchestration = "Other")] TaskOrchestrationContext context) => Task.FromResult(context.Name);
    [Function("activity_text")] public static Task<int> ActivityText([ActivityTrigger] string input, FunctionContext context, string instanceId) => Task.FromResult(input.Length + context.InvocationId.Length + instanceId.Length);
    [Function("activity_record")] public static int ActivityRecord([ActivityTrigger(Activity = "Other")] Version? input) => input?.Major ?? 0;
    [Function("entity")] public static Task Entity([EntityTrigger(EntityName = "Counter")] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<Version>();
}

/// <summary>A result of which a part is the answer.</summary>
public sealed class HttpParts
{
    [HttpResult] public IResult? Answer { get; set; }
}
