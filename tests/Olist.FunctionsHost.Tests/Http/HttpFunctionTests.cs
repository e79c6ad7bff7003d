using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Olist.FunctionsHost.Extensions.Hosting;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Tests.Support;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Tests.Http;

public sealed class HttpFunctionTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public sealed record Greeting(string Text, int Times);

    public sealed class Greeter
    {
        public string Hello(string name) => $"hello {name}";
    }

    public sealed class Functions(Greeter greeter)
    {
        [Function("greet")]
        public IActionResult Greet([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "greetings/{name}")] HttpRequest request, string name, int times = 1) =>
            new OkObjectResult(new Greeting(greeter.Hello(name), times));

        [Function("number")]
        public static Task<IResult> Number([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "numbers/{value:int}")] HttpRequest request, int value, CancellationToken cancellationToken) =>
            Task.FromResult(Results.Json(new { value, cancelable = cancellationToken.CanBeCanceled }));

        [Function("id")]
        public static IResult Id([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ids/{id}")] HttpRequest request, Guid id) => Results.Text(id.ToString());

        [Function("echo")]
        public static IResult Echo([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, [Worker.Http.FromBody] Greeting greeting) => Results.Json(greeting);

        [Function("broken")]
        public static IResult Broken([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => throw new InvalidOperationException("secret detail");

        [Function("missing")]
        public static IActionResult Missing([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new NotFoundResult();

        [Function("guarded")]
        public static IResult Guarded([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => Results.Text("in");

        [Function("unnamedlevel")]
        public static IResult UnnamedLevel([HttpTrigger("get")] HttpRequest request) => Results.Text("in");

        [Function("masters")]
        public static IResult Masters([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => Results.Text("in");

        [Function("items")]
        public static IResult Items([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context) =>
            Results.Text($"{context.Items["trace"]} {context.FunctionDefinition.Name} {context.GetHttpContext()!.Request.Path} {context.BindingContext.BindingData.Count}");

        [Function("parts")]
        public static Parts Several([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new() { Answer = Results.Text("part"), Other = "x" };
    }

    public sealed class Parts
    {
        [HttpResult]
        public IResult? Answer { get; set; }

        public string? Other { get; set; }
    }

    static Task<TestHost> StartAsync(TempFolder? folder = null) => TestHost.StartAsync(folder, builder =>
    {
        builder.Services.AddSingleton<Greeter>();
        builder.UseMiddleware((context, next) =>
        {
            context.Items["trace"] = "first";
            return next();
        });
        builder.UseMiddleware(async (context, next) =>
        {
            context.Items["trace"] += "-second";
            await next();
        });
        builder.ConfigureEmbeddedHost(options => options.MapEndpoints(endpoints =>
            Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(endpoints, "/metrics", context => context.Response.WriteAsync("up 1"))));
    }, typeof(Functions));

    [Fact]
    public async Task Routes_have_the_prefix_and_bind_route_and_query_values_and_services()
    {
        await using var host = await StartAsync();
        Assert.Equal("""{"text":"hello ana","times":1}""", await host.Client.GetStringAsync("/api/greetings/ana", Cancellation));
        Assert.Equal("""{"text":"hello ana","times":3}""", await host.Client.GetStringAsync("/api/greetings/ana?times=3", Cancellation));
        Assert.Equal("""{"value":7,"cancelable":true}""", await host.Client.GetStringAsync("/api/numbers/7", Cancellation));
        Assert.Equal("part", await host.Client.GetStringAsync("/api/parts", Cancellation));
        Assert.Equal("up 1", await host.Client.GetStringAsync("/metrics", Cancellation));
        Assert.StartsWith("first-second items /api/items", await host.Client.GetStringAsync("/api/items", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_are_problems_that_say_nothing_of_the_inside()
    {
        await using var host = await StartAsync();
        async Task<string> Expect(HttpStatusCode status, Task<HttpResponseMessage> sent)
        {
            using var response = await sent;
            Assert.Equal(status, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.Equal((int)status, JsonDocument.Parse(text).RootElement.GetProperty("status").GetInt32());
            return text;
        }
        await Expect(HttpStatusCode.NotFound, host.Client.GetAsync("/api/nothing", Cancellation));
        await Expect(HttpStatusCode.NotFound, host.Client.GetAsync("/api/numbers/seven", Cancellation));
        await Expect(HttpStatusCode.NotFound, host.Client.GetAsync("/api/missing", Cancellation));
        await Expect(HttpStatusCode.MethodNotAllowed, host.Client.PostAsync("/api/numbers/7", null, Cancellation));
        Assert.Contains("not a valid id", await Expect(HttpStatusCode.BadRequest, host.Client.GetAsync("/api/ids/x", Cancellation)), StringComparison.Ordinal);
        await Expect(HttpStatusCode.BadRequest, host.Client.PostAsync("/api/echo", new StringContent("{", null, "application/json"), Cancellation));
        var broken = await Expect(HttpStatusCode.InternalServerError, host.Client.GetAsync("/api/broken", Cancellation));
        Assert.DoesNotContain("secret", broken, StringComparison.Ordinal);
        Assert.Contains(host.Logs.Lines, line => line.EventId == 4202 && line.Message.Contains("secret detail", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_is_bound_from_json()
    {
        await using var host = await StartAsync();
        using var response = await host.Client.PostAsJsonAsync("/api/echo", new { text = "a", TIMES = 2 }, Cancellation);
        Assert.Equal("""{"text":"a","times":2}""", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Levels_ask_for_their_own_key_or_the_master_key()
    {
        using var folder = new TempFolder();
        await using var host = await StartAsync(folder);
        var keyFile = Path.Combine(folder.Root, "state", "keys.json");
        var keys = JsonDocument.Parse(await File.ReadAllTextAsync(keyFile, Cancellation)).RootElement;
        var master = keys.GetProperty("master").GetString()!;
        var function = keys.GetProperty("host").GetProperty("default").GetString()!;
        var system = keys.GetProperty("system").GetProperty("durabletask_extension").GetString()!;
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keyFile));

        async Task<HttpStatusCode> Get(string path, string? key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (key is not null) request.Headers.Add("x-functions-key", key);
            using var response = await host.Client.SendAsync(request, Cancellation);
            return response.StatusCode;
        }
        foreach (var path in (string[])["/api/guarded", "/api/unnamedlevel"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await Get(path, null));
            Assert.Equal(HttpStatusCode.Unauthorized, await Get(path, "wrong"));
            Assert.Equal(HttpStatusCode.Unauthorized, await Get(path, system));
            Assert.Equal(HttpStatusCode.OK, await Get(path, function));
            Assert.Equal(HttpStatusCode.OK, await Get(path, master));
            Assert.Equal(HttpStatusCode.OK, await Get($"{path}?code={Uri.EscapeDataString(function)}", null));
            Assert.Equal(HttpStatusCode.Unauthorized, await Get($"{path}?code={Uri.EscapeDataString(function)}", "wrong"));
        }
        Assert.Equal(HttpStatusCode.Unauthorized, await Get("/api/masters", function));
        Assert.Equal(HttpStatusCode.OK, await Get("/api/masters", master));
        Assert.Equal(HttpStatusCode.Unauthorized, await Get("/admin/functions", function));
        Assert.Equal(HttpStatusCode.OK, await Get("/admin/functions", master));
        Assert.Equal(HttpStatusCode.OK, await Get("/admin/functions/greet", master));
        Assert.Equal(HttpStatusCode.NotFound, await Get("/admin/functions/nobody", master));
        Assert.Equal(HttpStatusCode.OK, await Get("/admin/host/status", master));
        Assert.Equal(HttpStatusCode.OK, await Get("/admin/host/ping", null));
    }

    [Fact]
    public async Task The_prefix_of_host_json_may_be_empty_and_a_disabled_function_is_not_there()
    {
        using var folder = new TempFolder();
        folder.Write("host.json", """{ "version": "2.0", "extensions": { "http": { "routePrefix": "", "customHeaders": { "x-from": "olist" } } } }""");
        folder.Write("local.settings.json", """{ "Values": { "AzureWebJobs.number.Disabled": "true" } }""");
        await using var host = await StartAsync(folder);
        using var response = await host.Client.GetAsync("/greetings/x", Cancellation);
        Assert.Equal("olist", response.Headers.GetValues("x-from").Single());
        using var disabled = await host.Client.GetAsync("/numbers/1", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, disabled.StatusCode);
    }

    [Fact]
    public async Task A_state_folder_is_for_one_host_at_a_time()
    {
        using var folder = new TempFolder();
        await using var host = await StartAsync(folder);
        var second = await Assert.ThrowsAsync<FunctionsHostException>(() => StartAsync(folder));
        Assert.Contains("is in use by process", second.Message, StringComparison.Ordinal);
    }
}
