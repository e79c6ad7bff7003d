using System.Collections.Concurrent;
using Olist.Storage;

namespace Olist.Testing.Stores;

/// <summary>A store in front of another one in which a test holds, fails or notes what is written.</summary>
public sealed class WatchedStore(IObjectStore inner) : IObjectStore
{
    readonly ConcurrentQueue<string> _created = new();

    /// <summary>Runs before an object is created that must not be there yet, which it may hold or fail.</summary>
    public Func<string, Task>? BeforeCreate { get; set; }

    /// <summary>Runs when any other object was written.</summary>
    public Action<string>? AfterWrite { get; set; }

    /// <summary>Keys of objects that were created and had not been there, in the order in which that was done.</summary>
    public IReadOnlyCollection<string> Created => _created;

    public string RootUri => inner.RootUri;

    public ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

    public ValueTask<byte[]> ReadAsync(string key, CancellationToken cancellationToken) => inner.ReadAsync(key, cancellationToken);

    public ValueTask ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken) => inner.ReadAsync(key, offset, destination, cancellationToken);

    public async ValueTask<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (BeforeCreate is { } before) await before(key);
        if (!await inner.TryCreateAsync(key, content, cancellationToken)) return false;
        _created.Enqueue(key);
        return true;
    }

    public async ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await inner.PutAsync(key, content, cancellationToken);
        AfterWrite?.Invoke(key);
    }

    public ValueTask<ObjectWriter> OpenWriteAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(new BufferedObjectWriter(this, key));
    }

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);
}
