using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Olist.FunctionsHost.Triggers.Http;

/// <summary>Writes problem+json (RFC 9457) that says nothing of the inside.</summary>
static class Problem
{
    public static Task WriteAsync(HttpContext http, int status, string? detail = null)
    {
        var response = http.Response;
        if (response.HasStarted) return Task.CompletedTask;
        response.Clear();
        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        using var buffer = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", $"https://www.rfc-editor.org/rfc/rfc9110#status.{status}");
            json.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
            json.WriteNumber("status", status);
            if (detail is not null) json.WriteString("detail", detail);
            json.WriteString("traceId", System.Diagnostics.Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier);
            json.WriteEndObject();
        }
        response.ContentLength = buffer.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length)).AsTask();
    }
}
