namespace Olist.Lake.Rest;

/// <summary>One request to the catalog, without the HTTP around it.</summary>
/// <param name="Method">GET, HEAD, POST or DELETE.</param>
/// <param name="Path">What follows <c>/v1/</c>, with percent escapes resolved; levels of a namespace are joined by U+001F.</param>
/// <param name="Body">JSON in UTF-8; empty for none.</param>
public sealed record CatalogRequest(string Method, string Path, ReadOnlyMemory<byte> Body = default)
{
    /// <summary>Query parameters.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>Value of the header <c>If-None-Match</c>.</summary>
    public string? IfNoneMatch { get; init; }
}
