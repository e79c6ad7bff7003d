using Microsoft.AspNetCore.Http;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Tests.Support;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Tests.Discovery;

public sealed class RefusalTests
{
#pragma warning disable xUnit1013, CA1822, IDE0060, CA1801, CA1034, CA1052, CA1812, VSTHRD100
    public sealed class StringInBatches { [Function("f")] public void Run([KafkaTrigger("b", "t", ConsumerGroup = "g", IsBatched = true)] string value) { } }
    public sealed class StringsUnbatched { [Function("f")] public void Run([KafkaTrigger("b", "t", ConsumerGroup = "g")] string[] value) { } }
    public sealed class BytesInBatches { [Function("f")] public void Run([KafkaTrigger("b", "t", ConsumerGroup = "g", IsBatched = true)] byte[] value) { } }
    public sealed class ListInBatches { [Function("f")] public void Run([KafkaTrigger("b", "t", ConsumerGroup = "g", IsBatched = true)] List<string> value) { } }
    public sealed class Poco { [Function("f")] public void Run([KafkaTrigger("b", "t", ConsumerGroup = "g")] Version value) { } }
    public sealed class NoGroup { [Function("f")] public void Run([KafkaTrigger("b", "t", IsBatched = true)] KafkaRecord[] value) { } }
    public sealed class WithAvro { [Function("f")] public void Run([KafkaTrigger("b", "t", ConsumerGroup = "g", AvroSchema = "{}")] KafkaRecord value) { } }
    public sealed class RetryOnHttp { [Function("f"), FixedDelayRetry(1, "00:00:01")] public void Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) { } }
    public sealed class RetryOnActivity { [Function("f"), FixedDelayRetry(1, "00:00:01")] public void Run([ActivityTrigger] string input) { } }
    public sealed class AsyncVoid { [Function("f")] public async void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) => await Task.Yield(); }
    public sealed class TwoOfOneName
    {
        [Function("f")] public void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) { }
        [Function("F")] public void Again([TimerTrigger("0 0 * * * *")] TimerInfo timer) { }
    }
    public sealed class TimerAlone { [Function("f")] public void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) { } }
    public sealed class TwoTriggers { [Function("f")] public void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer, [KafkaTrigger("b", "t", ConsumerGroup = "g")] KafkaRecord record) { } }
    public sealed class NoTrigger { [Function("f")] public void Run() { } }
    public sealed class EntityOnContext { [Function("f")] public void Run([EntityTrigger] string dispatcher) { } }
    public sealed class Logger { [Function("f")] public void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer, Microsoft.Extensions.Logging.ILogger logger) { } }
    public sealed class TokenInOrchestrator { [Function("f")] public Task Run([OrchestrationTrigger] TaskOrchestrationContext context, CancellationToken token) => Task.CompletedTask; }
    public sealed class ReservedRoute { [Function("f")] public void Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "admin/x")] HttpRequest request) { } }
    public sealed class BadRoute { [Function("f")] public void Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "x/{y")] HttpRequest request) { } }
    public sealed class UserLevel { [Function("f")] public void Run([HttpTrigger(AuthorizationLevel.User)] HttpRequest request) { } }
    public sealed class UnknownParameter { [Function("f")] public void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer, string color) { } }
    public sealed class UnmarkedHttpPart { [Function("f")] public Two Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => new(); }
    public sealed class Overloaded
    {
        [Function("f")] public void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) { }
        public void Run(int times) { }
    }
    public sealed class EntityLikeItsBase : DurableTask.Entities.TaskEntity<int> { [Function("f")] public static Task RunAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<EntityLikeItsBase>(); }
    public sealed class Two { public IResult? A { get; set; } public string? B { get; set; } }
#pragma warning restore xUnit1013, CA1822, IDE0060, CA1801, CA1034, CA1052, CA1812, VSTHRD100

    [Theory]
    [InlineData(typeof(StringInBatches), "parameter 'value'", "string[]")]
    [InlineData(typeof(StringsUnbatched), "parameter 'value'", "IsBatched = true")]
    [InlineData(typeof(BytesInBatches), "parameter 'value'", "byte[][]")]
    [InlineData(typeof(ListInBatches), "List<String>", "KafkaRecord[]")]
    [InlineData(typeof(Poco), "Version", "decode in the function")]
    [InlineData(typeof(NoGroup), "ConsumerGroup", "set it")]
    [InlineData(typeof(WithAvro), "AvroSchema", "bind KafkaRecord and decode")]
    [InlineData(typeof(RetryOnHttp), "FixedDelayRetryAttribute", "remove it")]
    [InlineData(typeof(RetryOnActivity), "FixedDelayRetryAttribute", "RetryPolicy")]
    [InlineData(typeof(AsyncVoid), "async void", "return Task")]
    [InlineData(typeof(TwoOfOneName), "'f' is used by 2 functions", "name")]
    [InlineData(typeof(TwoTriggers), "2 triggers", "split")]
    [InlineData(typeof(NoTrigger), "no trigger", "trigger attribute")]
    [InlineData(typeof(EntityOnContext), "parameter 'dispatcher'", "TaskEntityDispatcher")]
    [InlineData(typeof(Logger), "parameter 'logger'", "ILogger<T>")]
    [InlineData(typeof(TokenInOrchestrator), "parameter 'token'", "remove it")]
    [InlineData(typeof(ReservedRoute), "'admin/x'", "choose another")]
    [InlineData(typeof(BadRoute), "'x/{y'", "route template")]
    [InlineData(typeof(UserLevel), "level User", "Function or Admin")]
    [InlineData(typeof(UnknownParameter), "parameter 'color'", "nothing fills it")]
    [InlineData(typeof(Overloaded), "Overloaded has another public method Run", "rename this one")]
    [InlineData(typeof(EntityLikeItsBase), "has another public method RunAsync", "rename this one")]
    [InlineData(typeof(UnmarkedHttpPart), "HTTP results in A", "[HttpResult]")]
    public void A_shape_that_the_official_host_refuses_or_binds_wrongly_is_refused_with_the_way_out(Type functions, string names, string wayOut)
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<FunctionsHostException>(TestHost.CreateBuilder(folder, functions).Build);
        Assert.Contains(names, error.Message, StringComparison.Ordinal);
        Assert.Contains(wayOut, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_of_a_nested_class_is_refused_because_the_official_host_does_not_find_it()
    {
        using var folder = new TempFolder();
        var builder = TestHost.CreateBuilder(folder, typeof(TimerAlone)).ConfigureEmbeddedHost(options => options.AllowNestedClasses = false);
        var error = Assert.Throws<FunctionsHostException>(builder.Build);
        Assert.Contains("move TimerAlone out of RefusalTests", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "version": "2.0", "extensions": { "kafka": { "maxBatchSise": 5 } } }""", "$.extensions.kafka.maxBatchSise", "maxBatchSize")]
    [InlineData("""{ "version": "2.0", "extensions": { "kafka": { "maxBatchSize": 0 } } }""", "$.extensions.kafka.maxBatchSize", "from 1 to")]
    [InlineData("""{ "version": "2.0", "extensions": { "kafka": { "commitOnFailure": "maybe" } } }""", "$.extensions.kafka.commitOnFailure", "true or false")]
    [InlineData("""{ "version": "3.0" }""", "$.version", "2.0")]
    [InlineData("""{ "version": "2.0", "extension": { "kafka": {} , "x": 1 } }""", "$.extension.x", "extensions")]
    [InlineData("""{ "version": "2.0", "functionTimeout": "soon" }""", "$.functionTimeout", "hh:mm:ss")]
    [InlineData("""{ "version": "2.0", "logging": { "logLevel": { "default": "Loud" } } }""", "$.logging.logLevel.default", "Information")]
    [InlineData("{ \"version\": \n \"2.0\" oops }", "line 2", "Correct the file")]
    public void A_setting_of_host_json_that_is_unknown_or_wrong_is_refused_by_its_path(string hostJson, string path, string allowed)
    {
        using var folder = new TempFolder();
        folder.Write("host.json", hostJson);
        var error = Assert.Throws<FunctionsHostException>(() => TestHost.CreateBuilder(folder).Build());
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_override_wins_over_host_json_and_is_checked_like_it()
    {
        using var folder = new TempFolder();
        folder.Write("host.json", """{ "version": "2.0", "extensions": { "kafka": { "maxBatchSize": 10 } } }""");
        folder.Write("local.settings.json", """{ "Values": { "AzureFunctionsJobHost__extensions__kafka__maxBatchSize": "none" } }""");
        var error = Assert.Throws<FunctionsHostException>(() => TestHost.CreateBuilder(folder).Build());
        Assert.Contains("'none'", error.Message, StringComparison.Ordinal);
        TestHost.CreateBuilder(folder, ["--AzureFunctionsJobHost:extensions:kafka:maxBatchSize=20"]).Build().Dispose();
    }

    [Fact]
    public void An_unknown_setting_of_the_host_itself_is_refused()
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<FunctionsHostException>(() => TestHost.CreateBuilder(folder, ["--FunctionsHost:Sate=x"]).Build());
        Assert.Contains("FunctionsHost:Sate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_setting_that_a_trigger_names_fails_the_start()
    {
        var error = await Assert.ThrowsAsync<FunctionsHostException>(() => TestHost.StartAsync(typeof(Timers.TimerTriggerTests.EveryFiveMinutes)));
        Assert.Contains("%SCHEDULE%", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Building_twice_is_refused()
    {
        using var folder = new TempFolder();
        var builder = TestHost.CreateBuilder(folder);
        builder.Build().Dispose();
        Assert.Throws<InvalidOperationException>(builder.Build);
    }
}
