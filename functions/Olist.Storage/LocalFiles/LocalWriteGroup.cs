using System.Collections.Concurrent;

namespace Olist.Storage.LocalFiles;

/// <summary>Files that are written under their own names and flushed together, their folders once.</summary>
/// <remarks>After a crash a file may be there in part, or with the wrong bytes: nothing refers to it yet, so it is an orphan like any other. Names that are taken from elsewhere and back again would cost more than the files.</remarks>
sealed class LocalWriteGroup(LocalObjectStore store, LocalFolder folder) : WriteGroup(store)
{
    /// <summary>Files that a group keeps open until they are flushed; more are opened again.</summary>
    const int MostOpen = 64;

    readonly ConcurrentDictionary<string, LocalFile> _unflushed = new(StringComparer.Ordinal);
    Task _begun = Task.CompletedTask;
    Exception? _failure;

    public override ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = folder.PathOf(key);
        try
        {
            Add(LocalFolder.Write(folder.Create(path), content.Span));
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
            return new(new LocalObjectWriter(path, folder.Create(path), file =>
            {
                Add(file);
                return ValueTask.CompletedTask;
            }));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LocalObjectStore.Failed("write", path, e);
        }
    }

    void Add(LocalFile file)
    {
        if (_unflushed.Count >= MostOpen) file.Dispose();
        if (_unflushed.TryRemove(file.Path, out var older)) older.Dispose();
        _unflushed[file.Path] = file;
    }

    /// <remarks>The object's own bytes are flushed with the rest; its name follows.</remarks>
    public override async ValueTask<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await EndBegunAsync();
        var files = _unflushed.Values.ToArray();
        var created = await store.TryCreateAsync(key, content, files, cancellationToken);
        if (created) Forget(files);
        return created;
    }

    public override async ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        await _begun;
        if (_unflushed.TryRemove(folder.PathOf(key), out var file)) file.Dispose();
        await base.DeleteAsync(key, cancellationToken);
    }

    public override async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await EndBegunAsync();
        var files = _unflushed.Values.ToArray();
        try
        {
            await folder.FlushAsync(files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LocalObjectStore.Failed("flush", folder.Root, e);
        }
        Forget(files);
    }

    public override void BeginFlush()
    {
        if (folder.IsFlushing && !_unflushed.IsEmpty) _begun = FlushQuietlyAsync(_begun);
    }

    async Task EndBegunAsync()
    {
        await _begun;
        if (_failure is not null) throw LocalObjectStore.Failed("flush", folder.Root, _failure);
    }

    async Task FlushQuietlyAsync(Task before)
    {
        await before;
        var files = _unflushed.Values.ToArray();
        if (_failure is not null || files.Length == 0) return;
        try
        {
            await folder.FlushAsync(files);
            Forget(files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failure = e; // said by the flush that follows
        }
    }

    void Forget(LocalFile[] files)
    {
        foreach (var file in files) _unflushed.TryRemove(KeyValuePair.Create(file.Path, file));
    }
}
