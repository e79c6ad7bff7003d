using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.DurableTask.Client.Entities;
using Olist.FunctionsHost.DurableTask.Entities;
using Olist.FunctionsHost.Triggers.Http;

namespace Olist.FunctionsHost.Durable.Management;

/// <summary>Entities over HTTP, as the official host has them: state, listing, signals; DELETE signals <c>delete</c>.</summary>
sealed class EntityEndpoints(DurableTaskClient client)
{
    public async Task StateAsync(HttpContext http)
    {
        if (await TryIdAsync(http) is not { } id) return;
        if (await client.Entities.GetEntityAsync(id, true, http.RequestAborted) is not { } entity)
        {
            await Problem.WriteAsync(http, StatusCodes.Status404NotFound, "There is no such entity.");
            return;
        }
        await ManagementEndpoints.WriteAsync(http, StatusCodes.Status200OK, json => json.WriteRawValue(entity.State.Value));
    }

    public async Task SignalAsync(HttpContext http)
    {
        if (await TryIdAsync(http) is not { } id) return;
        var operation = HttpMethods.IsDelete(http.Request.Method) ? "delete" : http.Request.Query["op"].FirstOrDefault() ?? "";
        var input = await ReadInputAsync(http);
        try
        {
            await client.Entities.SignalEntityAsync(id, operation, input, null, http.RequestAborted);
        }
        catch (ArgumentException error)
        {
            await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, error.Message);
            return;
        }
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    public async Task ListAsync(HttpContext http)
    {
        var query = http.Request.Query;
        if (!ManagementEndpoints.TryTime(query["lastOperationTimeFrom"].FirstOrDefault(), out var from, out var problem)
            || !ManagementEndpoints.TryTime(query["lastOperationTimeTo"].FirstOrDefault(), out var to, out problem)
            || !ManagementEndpoints.TryNumber(http, "top", ManagementEndpoints.DefaultPageSize, out var top, out problem))
        {
            await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, problem);
            return;
        }
        var token = http.Request.Headers["x-ms-continuation-token"].FirstOrDefault();
        var filter = new EntityQuery
        {
            InstanceIdStartsWith = http.Request.RouteValues["entityName"] is string name ? $"@{name}@" : null,
            LastModifiedFrom = from,
            LastModifiedTo = to,
            IncludeState = string.Equals(query["fetchState"], "true", StringComparison.OrdinalIgnoreCase),
            PageSize = Math.Clamp(top, 1, ManagementEndpoints.MaxPageSize),
            ContinuationToken = string.IsNullOrEmpty(token) ? null : token,
        };
        Page<EntityMetadata> page;
        try
        {
            page = await FirstPageAsync(filter, http.RequestAborted);
        }
        catch (ArgumentException error)
        {
            await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, error.Message);
            return;
        }
        if (page.ContinuationToken is not null) http.Response.Headers["x-ms-continuation-token"] = Uri.EscapeDataString(page.ContinuationToken);
        await ManagementEndpoints.WriteAsync(http, StatusCodes.Status200OK, json => Write(json, page.Values));
    }

    async Task<Page<EntityMetadata>> FirstPageAsync(EntityQuery filter, CancellationToken cancellationToken)
    {
        if (filter.ContinuationToken is { } token) filter = filter with { ContinuationToken = Uri.UnescapeDataString(token) };
        await foreach (var page in client.Entities.GetAllEntitiesAsync(filter).AsPages().WithCancellation(cancellationToken)) return page;
        return new Page<EntityMetadata>([]);
    }

    static void Write(Utf8JsonWriter json, IReadOnlyList<EntityMetadata> entities)
    {
        json.WriteStartArray();
        foreach (var entity in entities)
        {
            json.WriteStartObject();
            json.WriteStartObject("entityId");
            json.WriteString("name", entity.Id.Name);
            json.WriteString("key", entity.Id.Key);
            json.WriteEndObject();
            json.WriteString("lastOperationTime", entity.LastModifiedTime.UtcDateTime);
            if (entity.IncludesState)
            {
                json.WritePropertyName("state");
                json.WriteRawValue(entity.State.Value);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>JSON as it is; any other content is a text.</summary>
    /// <exception cref="BadHttpRequestException">The body is not the JSON that it says it is.</exception>
    static async Task<object?> ReadInputAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var text = await reader.ReadToEndAsync(http.RequestAborted);
        if (text.Length == 0) return null;
        if (http.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true) return text;
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException error)
        {
            throw new BadHttpRequestException("The body is not JSON.", StatusCodes.Status400BadRequest, error);
        }
    }

    static async Task<EntityInstanceId?> TryIdAsync(HttpContext http)
    {
        try
        {
            var id = new EntityInstanceId((string)http.Request.RouteValues["entityName"]!, (string)http.Request.RouteValues["entityKey"]!); // In the route.
            Entities.EntityIds.Check(id);
            return id;
        }
        catch (ArgumentException error)
        {
            await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, error.Message);
            return null;
        }
    }
}
