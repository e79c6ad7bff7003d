using System.Collections.Concurrent;
using Olist.Storage;

namespace Olist.Testing.Stores;

/// <summary>Keeps which of its objects a power loss would still take, for a store that then refuses to publish what refers to them.</summary>
sealed class RememberingWriteGroup(IObjectStore store, ConcurrentDictionary<string, bool> unflushed) : WriteGroup(store)
{
    readonly ConcurrentDictionary<string, bool> _own = new(StringComparer.Ordinal);

    public override async ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        unflushed[key] = _own[key] = true;
        await base.PutAsync(key, content, cancellationToken);
    }

    public override ValueTask<ObjectWriter> OpenWriteAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(new BufferedObjectWriter(this, ObjectKeys.Validate(key)));
    }

    public override ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        Forget(key);
        return base.DeleteAsync(key, cancellationToken);
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var key in _own.Keys) Forget(key);
        return ValueTask.CompletedTask;
    }

    void Forget(string key)
    {
        _own.TryRemove(key, out _);
        unflushed.TryRemove(key, out _);
    }
}
