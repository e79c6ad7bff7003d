using Olist.Storage;

namespace Olist.Lake.Tests;

/// <summary>Counts what is read of another store.</summary>
sealed class CountingStore(IObjectStore inner) : IObjectStore
{
    long _bytesRead;

    public long BytesRead => _bytesRead;

    public string RootUri => inner.RootUri;

    public ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

    public async ValueTask<byte[]> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var bytes = await inner.ReadAsync(key, cancellationToken);
        Interlocked.Add(ref _bytesRead, bytes.Length);
        return bytes;
    }

    public ValueTask ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Interlocked.Add(ref _bytesRead, destination.Length);
        return inner.ReadAsync(key, offset, destination, cancellationToken);
    }

    public ValueTask<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.TryCreateAsync(key, content, cancellationToken);

    public ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.PutAsync(key, content, cancellationToken);

    public ValueTask<ObjectWriter> OpenWriteAsync(string key, CancellationToken cancellationToken) => inner.OpenWriteAsync(key, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);
}
