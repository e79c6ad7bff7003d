using Olist.Lake.Rest;

namespace Olist.Functions.Serving;

/// <summary>Writes the catalog's answer: its bytes as they are, so that 64-bit numbers stay exact.</summary>
sealed class CatalogResult(CatalogResponse answer) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.StatusCode = answer.Status;
        if (answer.ETag is not null) response.Headers.ETag = answer.ETag;
        if (answer.Body.IsEmpty) return;
        response.ContentType = "application/json";
        response.ContentLength = answer.Body.Length;
        if (!HttpMethods.IsHead(context.HttpContext.Request.Method)) await response.Body.WriteAsync(answer.Body, context.HttpContext.RequestAborted);
    }
}
