using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Olist.FunctionsHost.Triggers.Http;

/// <summary>Turns every error without a body into problem+json, whoever caused it.</summary>
sealed partial class ErrorPages(RequestDelegate next, ILogger<ErrorPages> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException error)
        {
            await Problem.WriteAsync(http, error.StatusCode, error.StatusCode == StatusCodes.Status400BadRequest ? error.Message : null);
            return;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return; // Nobody is there to answer.
        }
#pragma warning disable CA1031 // The last catch before the wire: logged in full, told in short.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogFailed(error, http.Request.Method, http.Request.Path);
            if (http.Response.HasStarted) http.Abort();
            else await Problem.WriteAsync(http, StatusCodes.Status500InternalServerError);
            return;
        }
        var response = http.Response;
        if (response.StatusCode >= 400 && !response.HasStarted && response.ContentLength is null or 0 && response.ContentType is null)
        {
            var allow = response.Headers.Allow;
            await Problem.WriteAsync(http, response.StatusCode);
            if (allow.Count > 0 && !response.HasStarted) response.Headers.Allow = allow;
        }
    }

    [LoggerMessage(EventId = 4200, Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    partial void LogFailed(Exception error, string method, string path);
}
