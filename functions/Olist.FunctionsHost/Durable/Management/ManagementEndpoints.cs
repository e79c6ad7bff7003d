using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Olist.FunctionsHost.Durable.Engine;
using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.Triggers.Http;

namespace Olist.FunctionsHost.Durable.Management;

/// <summary>The HTTP management API of orchestrations and entities, below <c>/runtime/webhooks/durabletask</c>; asks for the system key or the master key.</summary>
sealed class ManagementEndpoints(DurableEngine engine, DurableTaskClient client, KeyRing keys)
{
    const string Root = "/runtime/webhooks/durabletask";
    internal const int DefaultPageSize = 100;
    internal const int MaxPageSize = 1000;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        Guarded(endpoints, "GET", "/instances", ListAsync);
        Guarded(endpoints, "DELETE", "/instances", PurgeManyAsync);
        Guarded(endpoints, "GET", "/instances/{instanceId}", StatusAsync);
        Guarded(endpoints, "DELETE", "/instances/{instanceId}", PurgeAsync);
        Guarded(endpoints, "POST", "/instances/{instanceId}/raiseEvent/{eventName}", RaiseAsync);
        Guarded(endpoints, "POST", "/instances/{instanceId}/terminate", http => TellAsync(http, HistoryKind.ExecutionTerminated));
        Guarded(endpoints, "POST", "/instances/{instanceId}/suspend", http => TellAsync(http, HistoryKind.ExecutionSuspended));
        Guarded(endpoints, "POST", "/instances/{instanceId}/resume", http => TellAsync(http, HistoryKind.ExecutionResumed));
        Guarded(endpoints, "POST", "/instances/{instanceId}/restart", RestartAsync);
        var entities = new EntityEndpoints(client);
        Guarded(endpoints, "GET", "/entities", entities.ListAsync);
        Guarded(endpoints, "GET", "/entities/{entityName}", entities.ListAsync);
        Guarded(endpoints, "GET", "/entities/{entityName}/{entityKey}", entities.StateAsync);
        Guarded(endpoints, "POST", "/entities/{entityName}/{entityKey}", entities.SignalAsync);
        Guarded(endpoints, "DELETE", "/entities/{entityName}/{entityKey}", entities.SignalAsync);
        Guarded(endpoints, "POST", "/orchestrators/{functionName}/{instanceId?}", StartAsync);
        Guarded(endpoints, "POST", "/orchestrations/{functionName}/{instanceId?}", StartAsync);
    }

    async Task StatusAsync(HttpContext http)
    {
        var instance = await engine.ReadAsync(Id(http), instance => new View(instance, http.Request.Query["showHistory"] == "true"));
        if (instance is null)
        {
            await Problem.WriteAsync(http, StatusCodes.Status404NotFound, "There is no such instance.");
            return;
        }
        var status = instance.Status switch
        {
            OrchestrationRuntimeStatus.Pending or OrchestrationRuntimeStatus.Running or OrchestrationRuntimeStatus.Suspended => StatusCodes.Status202Accepted,
            OrchestrationRuntimeStatus.Failed when http.Request.Query["returnInternalServerErrorOnFailure"] == "true" => StatusCodes.Status500InternalServerError,
            _ => StatusCodes.Status200OK,
        };
        if (status == StatusCodes.Status202Accepted) PointToStatus(http, Id(http));
        await WriteAsync(http, status, json => instance.Write(json, http.Request.Query["showInput"] != "false"));
    }

    async Task ListAsync(HttpContext http)
    {
        if (!TryFilter(http, out var filter, out var problem) || !TryNumber(http, "top", DefaultPageSize, out var top, out problem))
        {
            await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, problem);
            return;
        }
        top = Math.Clamp(top, 1, MaxPageSize);
        var after = http.Request.Headers["x-ms-continuation-token"].FirstOrDefault();
        var page = await engine.ListAsync(filter!, string.IsNullOrEmpty(after) ? null : after, top, instance => new View(instance, false)); // Set when TryFilter succeeds.
        if (page.Count == top) http.Response.Headers["x-ms-continuation-token"] = page[^1].Id;
        await WriteAsync(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray();
            foreach (var instance in page) instance.Write(json, http.Request.Query["showInput"] != "false");
            json.WriteEndArray();
        });
    }

    async Task StartAsync(HttpContext http)
    {
        var input = await ReadJsonAsync(http);
        var id = http.Request.RouteValues["instanceId"] as string;
        try
        {
            id = await engine.ScheduleAsync(new TaskName((string)http.Request.RouteValues["functionName"]!), input, new StartOrchestrationOptions(id)); // In the route.
        }
        catch (ArgumentException error)
        {
            await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, error.Message);
            return;
        }
        catch (InvalidOperationException error)
        {
            await Problem.WriteAsync(http, StatusCodes.Status409Conflict, error.Message);
            return;
        }
        PointToStatus(http, id);
        await WriteAsync(http, StatusCodes.Status202Accepted, json => WriteAddresses(json, http, id));
    }

    async Task RaiseAsync(HttpContext http)
    {
        var payload = await ReadJsonAsync(http);
        await AnswerAsync(http, await engine.SendAsync(Id(http), HistoryKind.EventRaised, (string)http.Request.RouteValues["eventName"]!, payload)); // In the route.
    }

    async Task TellAsync(HttpContext http, HistoryKind kind)
    {
        var reason = http.Request.Query["reason"].FirstOrDefault();
        await AnswerAsync(http, await engine.SendAsync(Id(http), kind, kind == HistoryKind.ExecutionTerminated ? null : reason,
            kind == HistoryKind.ExecutionTerminated && reason is not null ? JsonSerializer.Serialize(reason) : null));
    }

    async Task RestartAsync(HttpContext http)
    {
        try
        {
            var id = await client.RestartAsync(Id(http), http.Request.Query["restartWithNewInstanceId"] != "false", http.RequestAborted);
            PointToStatus(http, id);
            await WriteAsync(http, StatusCodes.Status202Accepted, json => WriteAddresses(json, http, id));
        }
        catch (ArgumentException)
        {
            await Problem.WriteAsync(http, StatusCodes.Status404NotFound, "There is no such instance.");
        }
        catch (InvalidOperationException error)
        {
            await Problem.WriteAsync(http, StatusCodes.Status409Conflict, error.Message);
        }
    }

    async Task PurgeAsync(HttpContext http)
    {
        var count = await engine.PurgeAsync(Id(http), http.Request.Query["recursive"] == "true");
        if (count == 0) await Problem.WriteAsync(http, StatusCodes.Status404NotFound, "There is no such finished instance.");
        else await WriteCountAsync(http, count);
    }

    async Task PurgeManyAsync(HttpContext http)
    {
        if (!TryFilter(http, out var filter, out var problem))
        {
            await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, problem);
            return;
        }
        var count = 0;
        foreach (var id in await engine.ListAsync(instance => instance.IsFinished && filter!(instance), null, int.MaxValue, instance => instance.Id)) // Set when TryFilter succeeds.
            count += await engine.PurgeAsync(id, recursive: false);
        if (count == 0) await Problem.WriteAsync(http, StatusCodes.Status404NotFound, "No finished instance matches.");
        else await WriteCountAsync(http, count);
    }

    static Task WriteCountAsync(HttpContext http, int count) => WriteAsync(http, StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("instancesDeleted", count);
        json.WriteEndObject();
    });

    /// <summary>202, or 404 for a missing and 410 for a finished instance.</summary>
    async Task AnswerAsync(HttpContext http, bool wasTaken)
    {
        if (wasTaken) http.Response.StatusCode = StatusCodes.Status202Accepted;
        else if (await engine.ReadAsync(Id(http), instance => instance.Id) is null) await Problem.WriteAsync(http, StatusCodes.Status404NotFound, "There is no such instance.");
        else await Problem.WriteAsync(http, StatusCodes.Status410Gone, "The instance is finished.");
    }

    static bool TryFilter(HttpContext http, out Func<Instance, bool>? filter, out string? problem)
    {
        filter = null;
        var query = http.Request.Query;
        if (!TryTime(query["createdTimeFrom"].FirstOrDefault(), out var from, out problem) || !TryTime(query["createdTimeTo"].FirstOrDefault(), out var to, out problem)) return false;
        var statuses = new List<OrchestrationRuntimeStatus>();
        foreach (var text in query["runtimeStatus"].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            if (!Enum.TryParse<OrchestrationRuntimeStatus>(text, ignoreCase: true, out var status))
            {
                problem = $"runtimeStatus '{text}' is unknown; allowed: {string.Join(", ", StartOrchestrationOptionsExtensions.ValidDedupeStatuses)}.";
                return false;
            }
            statuses.Add(status);
        }
        filter = Client.InstanceMetadata.Filter(from, to, statuses, query["instanceIdPrefix"].FirstOrDefault());
        return true;
    }

    internal static bool TryTime(string? text, out DateTimeOffset? time, out string? problem)
    {
        (time, problem) = (null, null);
        if (string.IsNullOrEmpty(text)) return true;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed))
        {
            time = parsed;
            return true;
        }
        problem = $"'{text}' is not a time; write ISO 8601.";
        return false;
    }

    internal static bool TryNumber(HttpContext http, string name, int fallback, out int value, out string? problem)
    {
        (value, problem) = (fallback, null);
        var text = http.Request.Query[name].FirstOrDefault();
        if (string.IsNullOrEmpty(text) || int.TryParse(text, CultureInfo.InvariantCulture, out value)) return true;
        problem = $"{name}: '{text}' is not a number.";
        return false;
    }

    /// <exception cref="BadHttpRequestException">The body is not JSON.</exception>
    static async Task<string?> ReadJsonAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var text = await reader.ReadToEndAsync(http.RequestAborted);
        if (string.IsNullOrWhiteSpace(text)) return null;
        try
        {
            using var _ = JsonDocument.Parse(text);
            return text;
        }
        catch (JsonException error)
        {
            throw new BadHttpRequestException("The body is not JSON.", StatusCodes.Status400BadRequest, error);
        }
    }

    static void PointToStatus(HttpContext http, string id)
    {
        http.Response.Headers.Location = Address(http, id, "");
        http.Response.Headers.RetryAfter = "5";
    }

    static void WriteAddresses(Utf8JsonWriter json, HttpContext http, string id)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("statusQueryGetUri", Address(http, id, ""));
        json.WriteString("sendEventPostUri", Address(http, id, "/raiseEvent/{eventName}"));
        json.WriteString("terminatePostUri", Address(http, id, "/terminate", "reason={{text}}"));
        json.WriteString("purgeHistoryDeleteUri", Address(http, id, ""));
        json.WriteString("restartPostUri", Address(http, id, "/restart"));
        json.WriteString("suspendPostUri", Address(http, id, "/suspend", "reason={{text}}"));
        json.WriteString("resumePostUri", Address(http, id, "/resume", "reason={{text}}"));
        json.WriteEndObject();
    }

    /// <summary>With the key that opened this request, so that the address works as it is.</summary>
    static string Address(HttpContext http, string id, string action, string? query = null)
    {
        var request = http.Request;
        var code = request.Query["code"].FirstOrDefault() is { Length: > 0 } sent ? $"code={Uri.EscapeDataString(sent)}" : null;
        var parameters = string.Join('&', new[] { query, code }.Where(part => part is not null));
        return UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase).TrimEnd('/') + $"{Root}/instances/{Uri.EscapeDataString(id)}{action}{(parameters.Length > 0 ? "?" + parameters : "")}";
    }

    internal static async Task WriteAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        write(json);
        await json.FlushAsync(http.RequestAborted);
    }

    static string Id(HttpContext http) => (string)http.Request.RouteValues["instanceId"]!; // In the route.

    void Guarded(IEndpointRouteBuilder endpoints, string method, string pattern, RequestDelegate handler) =>
        endpoints.MapMethods(Root + pattern, [method], http => keys.OpensExtension(http.Request, KeyRing.DurableSystemKey)
            ? handler(http)
            : Problem.WriteAsync(http, StatusCodes.Status401Unauthorized, $"Send the system key '{KeyRing.DurableSystemKey}' or the master key in the header x-functions-key."));

    /// <summary>What is shown of an instance, copied while it can't change.</summary>
    sealed class View(Instance instance, bool withHistory)
    {
        readonly HistoryEvent[] _history = withHistory ? [.. instance.History] : [];
        readonly (string Name, string? Input, string? Custom, string? Output, TaskFailureDetails? Failure, DateTime Created, DateTime Updated) _shown =
            (instance.Name, instance.Input, instance.CustomStatus, instance.Output, instance.Failure, instance.CreatedAt, instance.UpdatedAt);

        public string Id { get; } = instance.Id;
        public OrchestrationRuntimeStatus Status { get; } = instance.Status;

        public void Write(Utf8JsonWriter json, bool withInput)
        {
            json.WriteStartObject();
            json.WriteString("name", _shown.Name);
            json.WriteString("instanceId", Id);
            json.WriteString("runtimeStatus", Status.ToString());
            Raw(json, "input", withInput ? _shown.Input : null);
            Raw(json, "customStatus", _shown.Custom);
            if (_shown.Failure is { } failure) json.WriteString("output", failure.ToString());
            else Raw(json, "output", _shown.Output);
            json.WriteString("createdTime", _shown.Created);
            json.WriteString("lastUpdatedTime", _shown.Updated);
            if (withHistory)
            {
                json.WriteStartArray("historyEvents");
                foreach (var happened in _history)
                {
                    json.WriteStartObject();
                    json.WriteString("EventType", happened.Kind.ToString());
                    json.WriteString("Timestamp", happened.At);
                    if (happened.Name is not null) json.WriteString("Name", happened.Name);
                    if (happened.Kind == HistoryKind.TimerCreated) json.WriteString("FireAt", happened.FireAt);
                    if (happened.Failure is not null) json.WriteString("Reason", happened.Failure.ToString());
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }

        static void Raw(Utf8JsonWriter json, string name, string? value)
        {
            json.WritePropertyName(name);
            if (value is null) json.WriteNullValue();
            else json.WriteRawValue(value);
        }
    }
}
