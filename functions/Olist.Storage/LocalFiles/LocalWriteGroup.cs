using System.Collections.Concurrent;

namespace Olist.Storage.LocalFiles;

/// <summary>Files that are written under their own names and flushed together, their folders once.</summary>
/// <remarks>After a crash a file may be there in part, or with the wrong bytes: nothing refers to it yet, so it is an orphan like any other. Names that are taken from elsewhere and back again would cost more than the files.</remarks>
sealed class LocalWriteGroup(LocalObjectStore store, LocalFolder folder) : WriteGroup(store)
{
    readonly ConcurrentDictionary<string, bool> _unflushed = new(StringComparer.Ordinal);

    public override ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = folder.PathOf(key);
        try
        {
            using var file = folder.Create(path);
            _unflushed[path] = true;
            file.Write(content.Span);
            return ValueTask.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LocalObjectStore.Failed("write", path, e);
        }
    }

    public override ValueTask<ObjectWriter> OpenWriteAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = folder.PathOf(key);
        try
        {
            return new(new LocalObjectWriter(path, folder.Create(path), _ =>
            {
                _unflushed[path] = true;
                return ValueTask.CompletedTask;
            }));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LocalObjectStore.Failed("write", path, e);
        }
    }

    /// <remarks>The object's own bytes are flushed with the rest; its name follows.</remarks>
    public override async ValueTask<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var paths = _unflushed.Keys.ToArray();
        var created = await store.TryCreateAsync(key, content, paths, cancellationToken);
        if (created)
            foreach (var path in paths) _unflushed.TryRemove(path, out _);
        return created;
    }

    public override ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        _unflushed.TryRemove(folder.PathOf(key), out _);
        return base.DeleteAsync(key, cancellationToken);
    }

    public override async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var paths = _unflushed.Keys.ToArray();
        try
        {
            await folder.FlushAsync(paths);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LocalObjectStore.Failed("flush", folder.Root, e);
        }
        foreach (var path in paths) _unflushed.TryRemove(path, out _);
    }
}
