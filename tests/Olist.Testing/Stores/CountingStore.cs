using Olist.Storage;

namespace Olist.Testing.Stores;

/// <summary>A store in front of another one that counts what is read from it.</summary>
public sealed class CountingStore(IObjectStore inner) : IObjectStore
{
    long _bytes;
    long _requests;

    /// <summary>Bytes of objects that were handed out.</summary>
    public long BytesRead => Interlocked.Read(ref _bytes);

    /// <summary>Reads, looks and listings.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public string RootUri => inner.RootUri;

    void Count(long bytes)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _bytes, bytes);
    }

    public ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken)
    {
        Count(0);
        return inner.FindAsync(key, cancellationToken);
    }

    public async ValueTask<byte[]> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var content = await inner.ReadAsync(key, cancellationToken);
        Count(content.Length);
        return content;
    }

    public ValueTask ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Count(destination.Length);
        return inner.ReadAsync(key, offset, destination, cancellationToken);
    }

    public ValueTask<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.TryCreateAsync(key, content, cancellationToken);

    public ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.PutAsync(key, content, cancellationToken);

    public ValueTask<ObjectWriter> OpenWriteAsync(string key, CancellationToken cancellationToken) => inner.OpenWriteAsync(key, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        Count(0);
        return inner.ListAsync(prefix, cancellationToken);
    }

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);
}
