using System.Collections.Concurrent;

namespace Olist.Storage.LocalFiles;

/// <summary>Files that get their names at once and are flushed together, their folders once.</summary>
/// <remarks>After a power loss before the flush a file may be there with the wrong bytes: nothing refers to it yet, so it is an orphan like any other.</remarks>
sealed class LocalWriteGroup(LocalObjectStore store, LocalFolder folder) : WriteGroup(store)
{
    readonly ConcurrentDictionary<string, bool> _unflushed = new(StringComparer.Ordinal);

    public override ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = folder.PathOf(key);
        try
        {
            string temporary;
            using (var file = folder.CreateTemporary())
            {
                temporary = file.Name;
                file.Write(content.Span);
            }
            Publish(temporary, path);
            return ValueTask.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LocalObjectStore.Failed("write", path, e);
        }
    }

    public override ValueTask<ObjectWriter> OpenWriteAsync(string key, CancellationToken cancellationToken) => store.OpenWriteAsync(key, this, cancellationToken);

    /// <summary>Gives a finished file its name.</summary>
    public void Publish(string temporary, string path)
    {
        folder.Rename(temporary, path);
        _unflushed[path] = true;
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
