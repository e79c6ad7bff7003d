using Olist.Lake.Rest;

namespace Olist.Functions.Serving;

/// <summary>The Iceberg REST catalog for outside engines, at <c>/api/catalog</c>. Reading is open to everyone, as the other answers are; writing needs a function key (header <c>x-functions-key</c>).</summary>
public sealed class CatalogEndpoints(RestCatalog catalog)
{
    [Function("catalog_read")]
    public Task<IActionResult> Read(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "catalog/v1/{*path}")] HttpRequest request, string? path, CancellationToken cancellationToken) =>
        AnswerAsync(request, path, cancellationToken);

    [Function("catalog_write")]
    public Task<IActionResult> Write(
        [HttpTrigger(AuthorizationLevel.Function, "post", "delete", Route = "catalog/v1/{*path}")] HttpRequest request, string? path, CancellationToken cancellationToken) =>
        AnswerAsync(request, path, cancellationToken);

    async Task<IActionResult> AnswerAsync(HttpRequest request, string? path, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        return new CatalogResult(await catalog.HandleAsync(new CatalogRequest(request.Method, path ?? "", body.ToArray())
        {
            Query = request.Query.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString(), StringComparer.Ordinal),
            IfNoneMatch = request.Headers.IfNoneMatch.FirstOrDefault(),
        }, cancellationToken));
    }
}
