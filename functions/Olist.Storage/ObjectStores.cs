using Olist.Storage.LocalFiles;

namespace Olist.Storage;

/// <summary>Opens the store that an address names.</summary>
public static class ObjectStores
{
    /// <summary>A plain path or <c>file:///path</c> gives a local folder, <c>s3://bucket/prefix</c> a bucket.</summary>
    /// <param name="address">See above; a local folder need not exist yet.</param>
    /// <param name="s3">Used for <c>s3://</c> only.</param>
    /// <exception cref="ArgumentException">Another scheme, or no bucket.</exception>
    public static IObjectStore Open(string address, S3Settings? s3 = null, Durability durability = Durability.Machine, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        if (address.StartsWith("s3://", StringComparison.OrdinalIgnoreCase))
        {
            var rest = address["s3://".Length..].Trim('/');
            var slash = rest.IndexOf('/');
            var bucket = slash < 0 ? rest : rest[..slash];
            if (bucket.Length == 0) throw new ArgumentException($"'{address}' names no bucket; expected s3://bucket/prefix.", nameof(address));
            return new S3ObjectStore(bucket, slash < 0 ? "" : rest[(slash + 1)..], s3 ?? new S3Settings());
        }
        if (FileUris.IsFileUri(address)) return new LocalObjectStore(FileUris.PathOf(address), durability, time);
        var colon = address.IndexOf("://", StringComparison.Ordinal);
        if (colon > 0)
            throw new ArgumentException($"'{address}' has the scheme {address[..colon]}, which is not known here; expected a folder, file:///folder or s3://bucket/prefix.", nameof(address));
        return new LocalObjectStore(address, durability, time);
    }
}
