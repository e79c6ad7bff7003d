using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Olist.FunctionsHost.Discovery;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Triggers;
using Olist.FunctionsHost.Triggers.Http;
using Olist.FunctionsHost.Triggers.Timer;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Admin;

/// <summary>What operators expect below <c>/admin</c>: all but the ping asks for the master key.</summary>
sealed class AdminEndpoints(FunctionSet functions, FunctionInvoker invoker, ListenerSet listeners, HttpFunctions http, KeyRing keys, IServiceProvider services)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/admin/host/ping", ["GET", "POST"], context => Task.CompletedTask);
        endpoints.MapGet("/admin/instance/http-health", context => Task.CompletedTask);
        MapGuarded(endpoints, "GET", "/admin/host/status", context => Json(context, HostStatus()));
        MapGuarded(endpoints, "GET", "/admin/functions", context => Json(context, functions.All.Select(Describe)));
        MapGuarded(endpoints, "GET", "/admin/functions/{name}", context => WithFunction(context, function => Json(context, Describe(function))));
        MapGuarded(endpoints, "GET", "/admin/functions/{name}/status", context => WithFunction(context, function =>
            Json(context, new { state = function.Descriptor.IsDisabled ? "Disabled" : "Enabled", errors = Array.Empty<string>() })));
        MapGuarded(endpoints, "POST", "/admin/functions/{name}", context => WithFunction(context, function => RunAsync(context, function)));
        MapGuarded(endpoints, "POST", "/admin/host/drain", DrainAsync);
        MapGuarded(endpoints, "GET", "/admin/host/drain/status", context => Json(context,
            new { state = listeners.DrainState, outstandingInvocations = invoker.Running.Count, outstandingRetries = 0 }));
        MapGuarded(endpoints, "POST", "/admin/host/resume", context =>
            listeners.TryResume() ? Json(context, new { state = "Running" }) : Problem.WriteAsync(context, StatusCodes.Status409Conflict, "There is no finished drain to resume from."));
        MapKeys(endpoints, "/admin/host/keys", KeyKind.Host);
        MapKeys(endpoints, "/admin/host/functionkeys", KeyKind.Host);
        MapKeys(endpoints, "/admin/host/systemkeys", KeyKind.System);
        MapKeys(endpoints, "/admin/functions/{name}/keys", KeyKind.Function);
    }

    void MapKeys(IEndpointRouteBuilder endpoints, string path, KeyKind kind)
    {
        MapGuarded(endpoints, "GET", path, context => WithKeyOwner(context, kind, owner =>
            Json(context, new { keys = keys.List(kind, owner).Select(key => new { name = key.Key, value = key.Value }) })));
        MapGuarded(endpoints, "POST", path + "/{key}", context => WithKeyOwner(context, kind, owner => SetKeyAsync(context, kind, owner, null)));
        MapGuarded(endpoints, "PUT", path + "/{key}", context => WithKeyOwner(context, kind, async owner =>
        {
            var sent = await context.Request.ReadFromJsonAsync<JsonElement>(context.RequestAborted);
            if (sent.ValueKind != JsonValueKind.Object || !sent.TryGetProperty("value", out var value) || value.GetString() is not { Length: >= 16 } text)
                await Problem.WriteAsync(context, StatusCodes.Status400BadRequest, "Send {\"value\": \"...\"} with at least 16 characters.");
            else await SetKeyAsync(context, kind, owner, text);
        }));
        MapGuarded(endpoints, "DELETE", path + "/{key}", context => WithKeyOwner(context, kind, owner =>
        {
            if (!keys.Remove(kind, owner, Route(context, "key"))) return Problem.WriteAsync(context, StatusCodes.Status404NotFound);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }));
    }

    Task SetKeyAsync(HttpContext context, KeyKind kind, string? owner, string? value)
    {
        var name = Route(context, "key");
        return Json(context, new { name, value = keys.Set(kind, owner, name, value) });
    }

    Task WithKeyOwner(HttpContext context, KeyKind kind, Func<string?, Task> act) =>
        kind == KeyKind.Function ? WithFunction(context, function => act(function.Name)) : act(null);

    async Task RunAsync(HttpContext context, FunctionEntry function)
    {
        if (listeners.All.OfType<TimerListener>().FirstOrDefault(timer => timer.Function == function.Name) is not { } timer)
        {
            await Problem.WriteAsync(context, StatusCodes.Status400BadRequest,
                function.Descriptor.IsDisabled ? "The function is disabled." : $"Only timer functions are run by hand; {function.Name} is of kind {function.Descriptor.Kind}.");
            return;
        }
        _ = timer.RunNowAsync(); // Its failure is logged where it runs; the caller only learns that it was accepted.
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    Task DrainAsync(HttpContext context)
    {
        _ = listeners.DrainAsync(); // Watched through drain/status.
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return Json(context, new { state = listeners.DrainState }, StatusCodes.Status202Accepted);
    }

    object HostStatus()
    {
        var lifetime = services.GetRequiredService<HostLifetime>();
        var version = typeof(AdminEndpoints).Assembly.GetName().Version?.ToString() ?? "0";
        return new
        {
            id = Environment.MachineName,
            state = services.GetRequiredService<Durable.Engine.DurableEngine>().IsDead && lifetime.State == "Running" ? "Error" : lifetime.State,
            version,
            versionDetails = $"{version} embedded",
            processUptime = (long)(services.GetRequiredService<TimeProvider>().GetUtcNow() - lifetime.StartedAt).TotalMilliseconds,
            functionCount = functions.All.Count,
        };
    }

    object Describe(FunctionEntry function) => new
    {
        name = function.Name,
        entryPoint = function.Descriptor.EntryPoint,
        language = "dotnet-isolated",
        isDisabled = function.Descriptor.IsDisabled,
        invoke_url_template = function.Descriptor.Kind == FunctionKind.Http ? http.Pattern(function) : null,
        config = new { bindings = function.Descriptor.Bindings.Select(binding => binding.ToJson()) },
    };

    Task WithFunction(HttpContext context, Func<FunctionEntry, Task> act) =>
        functions.Find(Route(context, "name")) is { } function ? act(function) : Problem.WriteAsync(context, StatusCodes.Status404NotFound);

    void MapGuarded(IEndpointRouteBuilder endpoints, string method, string pattern, RequestDelegate handler) =>
        endpoints.MapMethods(pattern, [method], context => keys.Opens(AuthorizationLevel.Admin, context.Request, null)
            ? handler(context)
            : Problem.WriteAsync(context, StatusCodes.Status401Unauthorized, "Send the master key in the header x-functions-key."));

    static string Route(HttpContext context, string name) => context.Request.RouteValues[name] as string ?? "";

    static Task Json<T>(HttpContext context, T value, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(value, context.RequestAborted);
    }
}
