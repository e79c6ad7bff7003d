namespace Olist.Lake.Rest;

/// <summary>The catalog's answer.</summary>
/// <param name="Status">As for HTTP; the code inside of an error's body is the same.</param>
/// <param name="Body">JSON in UTF-8; empty for 204 and 304.</param>
/// <param name="ETag">Of a loaded table: changes with every commit.</param>
public sealed record CatalogResponse(int Status, ReadOnlyMemory<byte> Body = default, string? ETag = null);
