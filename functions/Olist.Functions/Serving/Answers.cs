using System.Globalization;

namespace Olist.Functions.Serving;

/// <summary>The shapes that all answers share: JSON, problem+json, money and times as text.</summary>
static class Answers
{
    /// <summary>Runs a query; what is wrong with the request becomes a 400 that says so.</summary>
    public static async Task<IActionResult> OfAsync<T>(Func<Task<T>> query)
    {
        try
        {
            return new JsonResult(await query()) { ContentType = "application/json; charset=utf-8" };
        }
        catch (BadRequestException exception)
        {
            return Problem(StatusCodes.Status400BadRequest, "The request is not understood", exception.Message);
        }
    }

    public static ObjectResult NotFound(string detail) => Problem(StatusCodes.Status404NotFound, "Not found", detail);

    public static ObjectResult Problem(int status, string title, string detail) =>
        new(new ProblemDetails { Status = status, Title = title, Detail = detail }) { StatusCode = status, ContentTypes = { "application/problem+json" } };

    /// <summary>Hundredths as a decimal string: 14790 is <c>147.90</c>.</summary>
    public static string Money(long cents) =>
        string.Create(CultureInfo.InvariantCulture, $"{(cents < 0 ? "-" : "")}{Math.Abs(cents) / 100}.{Math.Abs(cents) % 100:00}");

    /// <summary>Microseconds since 1970 as ISO 8601 UTC.</summary>
    public static string? Time(long? micros) => micros is { } value
        ? DateTime.UnixEpoch.AddTicks(value * 10).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture)
        : null;
}
