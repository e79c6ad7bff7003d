namespace Olist.Storage;

/// <summary>One object as a listing shows it.</summary>
/// <param name="Key">Path below the store's root, with forward slashes, without a leading one.</param>
public sealed record ObjectInfo(string Key, long Length, DateTimeOffset LastModified);
