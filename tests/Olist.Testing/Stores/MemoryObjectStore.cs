using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Olist.Storage;

namespace Olist.Testing.Stores;

/// <summary>Objects in memory: a real store that forgets.</summary>
/// <remarks>An object that names another one which was written in a <see cref="WriteGroup"/> and not flushed can't be created: after a power loss it would be there without the other.</remarks>
public sealed class MemoryObjectStore(string rootUri = "s3://memory/lake", TimeProvider? time = null) : IObjectStore
{
    readonly ConcurrentDictionary<string, Entry> _objects = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, bool> _unflushed = new(StringComparer.Ordinal);
    readonly TimeProvider _time = time ?? TimeProvider.System;

    sealed record Entry(byte[] Content, DateTimeOffset LastModified);

    public string RootUri { get; } = rootUri;

    public ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_objects.TryGetValue(ObjectKeys.Validate(key), out var found) ? new ObjectInfo(key, found.Content.Length, found.LastModified) : null);
    }

    public ValueTask<byte[]> ReadAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new((byte[])Get(key).Clone());
    }

    public ValueTask ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var content = Get(key);
        if (offset + destination.Length > content.Length)
            throw new EndOfStreamException($"{key} has {content.Length} bytes; {offset} to {offset + destination.Length} were asked for.");
        content.AsSpan((int)offset, destination.Length).CopyTo(destination.Span);
        return ValueTask.CompletedTask;
    }

    byte[] Get(string key) => _objects.TryGetValue(ObjectKeys.Validate(key), out var found)
        ? found.Content
        : throw new ObjectNotFoundException($"There is no object {key} in {RootUri}.");

    public ValueTask<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var unflushed in _unflushed.Keys)
            if (content.Span.IndexOf(Encoding.UTF8.GetBytes(unflushed)) >= 0) throw new InvalidOperationException($"{key} refers to {unflushed}, which was not flushed.");
        return new(_objects.TryAdd(ObjectKeys.Validate(key), new Entry(content.ToArray(), _time.GetUtcNow())));
    }

    public ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _objects[ObjectKeys.Validate(key)] = new Entry(content.ToArray(), _time.GetUtcNow());
        return ValueTask.CompletedTask;
    }

    public ValueTask<ObjectWriter> OpenWriteAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(new BufferedObjectWriter(this, ObjectKeys.Validate(key)));
    }

    public WriteGroup BeginWrites() => new RememberingWriteGroup(this, _unflushed);

    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        foreach (var (key, entry) in _objects.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ObjectInfo(key, entry.Content.Length, entry.LastModified);
        }
    }

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _objects.TryRemove(ObjectKeys.Validate(key), out _);
        return ValueTask.CompletedTask;
    }
}
