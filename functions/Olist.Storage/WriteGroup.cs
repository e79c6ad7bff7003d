namespace Olist.Storage;

/// <summary>A store seen by somebody who writes several objects that count only together: what is written through it need be neither whole nor durable before <see cref="FlushAsync"/> returns, or <see cref="TryCreateAsync"/>, which flushes first.</summary>
/// <remarks>So nothing may refer to it before, and a crash may leave a part of it: name the objects so that nobody mistakes them. Waiting for the disk once for all of them, not once for each, is what makes small commits on a folder cheap. Of stores that answer only when an object is durable, this is the store itself.
/// For one writer; its calls may overlap.</remarks>
public class WriteGroup(IObjectStore store) : IObjectStore
{
    public string RootUri => store.RootUri;

    public ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken) => store.FindAsync(key, cancellationToken);

    public ValueTask<byte[]> ReadAsync(string key, CancellationToken cancellationToken) => store.ReadAsync(key, cancellationToken);

    public ValueTask ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken) => store.ReadAsync(key, offset, destination, cancellationToken);

    /// <summary>Creates the object that refers to what was written through this group, which is made durable before.</summary>
    /// <inheritdoc cref="IObjectStore.TryCreateAsync"/>
    public virtual async ValueTask<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        return await store.TryCreateAsync(key, content, cancellationToken);
    }

    public virtual ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => store.PutAsync(key, content, cancellationToken);

    public ValueTask ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => store.ReplaceAsync(key, content, cancellationToken);

    public virtual ValueTask<ObjectWriter> OpenWriteAsync(string key, CancellationToken cancellationToken) => store.OpenWriteAsync(key, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => store.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellationToken) => store.ListFoldersAsync(folder, cancellationToken);

    public virtual ValueTask DeleteAsync(string key, CancellationToken cancellationToken) => store.DeleteAsync(key, cancellationToken);

    public WriteGroup BeginWrites() => this;

    /// <summary>Makes durable what was written through this group so far and not deleted again.</summary>
    /// <exception cref="StoreException">Something could not be; none of it may be relied on.</exception>
    public virtual ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Begins to make durable what was written so far, while more is written. Its errors come out of the flush that follows.</summary>
    public virtual void BeginFlush() { }
}
