using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Discovery;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Settings;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Triggers.Http;

/// <summary>Puts HTTP functions on routes, asks for keys, and writes results.</summary>
sealed partial class HttpFunctions(FunctionSet functions, FunctionInvoker invoker, KeyRing keys, HttpSettings settings, ILogger<HttpFunctions> logger)
{
    static readonly ActionDescriptor NoAction = new();

    readonly RequestLimits _limits = new(settings);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var function in functions.All.Where(f => f.Descriptor.Kind == FunctionKind.Http))
        {
            var trigger = (HttpTriggerAttribute)function.Descriptor.Trigger;
            var level = EnforcedLevel(function.Descriptor);
            var write = ResultWriter(function.Descriptor.ResultType);
            if (write is null && function.Descriptor.ResultType != typeof(void)) LogNoResult(function.Name, function.Descriptor.ResultType);
            RequestDelegate handler = http => HandleAsync(http, function, level, write);
            var endpoint = trigger.Methods is { Length: > 0 } methods
                ? endpoints.MapMethods(Pattern(function), methods.Select(method => method.ToUpperInvariant()), handler)
                : endpoints.Map(Pattern(function), handler);
            endpoint.WithDisplayName(function.Name);
        }
    }

    public string Pattern(FunctionEntry function)
    {
        var route = (((HttpTriggerAttribute)function.Descriptor.Trigger).Route ?? function.Name).TrimStart('/');
        return settings.RoutePrefix.Length == 0 ? "/" + route : $"/{settings.RoutePrefix}/{route}";
    }

    /// <summary>An attribute that names no level asks for a function key, whatever its property says: so does the official host.</summary>
    public static AuthorizationLevel EnforcedLevel(FunctionDescriptor function)
    {
        var declared = function.TriggerParameter.GetCustomAttributesData().Single(data => data.AttributeType == typeof(HttpTriggerAttribute));
        return declared.ConstructorArguments.Any(argument => argument.ArgumentType == typeof(AuthorizationLevel))
            ? ((HttpTriggerAttribute)function.Trigger).AuthLevel
            : AuthorizationLevel.Function;
    }

    async Task HandleAsync(HttpContext http, FunctionEntry function, AuthorizationLevel level, Func<HttpContext, object, Task>? write)
    {
        if (function.Descriptor.IsDisabled && keys.LevelOf(http.Request, function.Name) != AuthorizationLevel.Admin)
        {
            await Problem.WriteAsync(http, StatusCodes.Status404NotFound);
            return;
        }
        if (level != AuthorizationLevel.Anonymous && !keys.Opens(level, http.Request, function.Name))
        {
            await Problem.WriteAsync(http, StatusCodes.Status401Unauthorized, $"Send a key of level {level} in the header x-functions-key.");
            return;
        }
        if (!await _limits.TryEnterAsync(http.RequestAborted))
        {
            await Problem.WriteAsync(http, StatusCodes.Status429TooManyRequests);
            return;
        }
        try
        {
            foreach (var (name, value) in settings.CustomHeaders) http.Response.Headers[name] = value;
            if (settings.StrictTransportSecurity is { } hsts && http.Request.IsHttps) http.Response.Headers.StrictTransportSecurity = hsts;
            // The result is written inside the invocation: it may stream from services of the invocation's scope.
            await invoker.InvokeAsync(function, http.Request, new HttpMetadata(http), http,
                complete: write is null ? null : context => context.Result is { } result ? write(http, result) : Task.CompletedTask, cancellationToken: http.RequestAborted);
        }
        catch (HostStoppedException) when (!http.RequestAborted.IsCancellationRequested)
        {
            if (http.Response.HasStarted) http.Abort();
            else await Problem.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, "The host stops; ask again.");
        }
        catch (FunctionTimeoutException)
        {
            await Problem.WriteAsync(http, StatusCodes.Status500InternalServerError, "The function took too long.");
        }
        catch (Exception error) when (error is not BadHttpRequestException && !(error is OperationCanceledException && http.RequestAborted.IsCancellationRequested))
        {
            LogFailed(function.Logger, error, function.Name, http.Request.Method, http.Request.Path);
            if (http.Response.HasStarted) http.Abort();
            else await Problem.WriteAsync(http, StatusCodes.Status500InternalServerError);
        }
        finally
        {
            _limits.Leave();
        }
    }

    /// <summary>Null when values of the type are not written to the response.</summary>
    static Func<HttpContext, object, Task>? ResultWriter(Type type)
    {
        if (type.IsAssignableTo(typeof(IResult))) return (http, result) => ((IResult)result).ExecuteAsync(http);
        if (HttpRules.IsActionResult(type))
            return (http, result) => ((IActionResult)result).ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), NoAction));
        var part = type.GetProperties().FirstOrDefault(property => property.GetCustomAttribute<HttpResultAttribute>() is not null);
        if (part is null || ResultWriter(part.PropertyType) is not { } write) return type == typeof(object) ? WriteUntypedAsync : null;
        return (http, result) => part.GetValue(result) is { } value ? write(http, value) : Task.CompletedTask;
    }

    static Task WriteUntypedAsync(HttpContext http, object result) => ResultWriter(result.GetType())?.Invoke(http, result) ?? Task.CompletedTask;

    [LoggerMessage(EventId = 4201, Level = LogLevel.Warning, Message = "{Function} returns {Type}, which is not written to the response; return IActionResult or IResult")]
    partial void LogNoResult(string function, Type type);

    [LoggerMessage(EventId = 4202, Level = LogLevel.Error, Message = "{Function} failed, {Method} {Path}")]
    static partial void LogFailed(ILogger logger, Exception error, string function, string method, string path);
}
