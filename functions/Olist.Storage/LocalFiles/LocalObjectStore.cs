using System.Runtime.CompilerServices;
using Olist.Storage.LocalFiles;

namespace Olist.Storage;

/// <summary>Objects as files below one folder, which is made by the first write.</summary>
/// <remarks>
/// Whole or not at all: bytes go to a temporary file, which then gets the object's name; exclusive creation is atomic between threads, processes and (on file systems that are) machines.
/// Reads finish synchronously: the page cache answers faster than a thread switch. Only flushes to the disk are waited for.
/// </remarks>
public sealed class LocalObjectStore : IObjectStore
{
    readonly LocalFolder _folder;
    readonly AlternatingFiles _alternating;

    /// <param name="folder">Absolute, or relative to the current folder.</param>
    /// <param name="durability">What a finished write survives.</param>
    /// <param name="time">Decides which abandoned temporary files are old enough to be swept.</param>
    public LocalObjectStore(string folder, Durability durability = Durability.Machine, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _folder = new LocalFolder(root, durability, time ?? TimeProvider.System);
        _alternating = new AlternatingFiles(_folder);
        RootUri = FileUris.Of(root);
    }

    public string Folder => _folder.Root;
    public string RootUri { get; }

    public ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = _folder.PathOf(key);
        try
        {
            var file = new FileInfo(path);
            return new(file.Exists ? new ObjectInfo(key, file.Length, file.LastWriteTimeUtc) : null);
        }
        catch (FileNotFoundException) // deleted between the two looks
        {
            return new((ObjectInfo?)null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("look at", path, e);
        }
    }

    public ValueTask<byte[]> ReadAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = _folder.PathOf(key);
        try
        {
            using var file = LocalFile.OpenRead(path);
            var content = GC.AllocateUninitializedArray<byte>(checked((int)RandomAccess.GetLength(file)));
            Fill(file, path, 0, content);
            return new(content);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw NotFound(key, e);
        }
        catch (Exception e) when (e is IOException and not EndOfStreamException or UnauthorizedAccessException)
        {
            throw Failed("read", path, e);
        }
    }

    public ValueTask ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var path = _folder.PathOf(key);
        try
        {
            using var file = LocalFile.OpenRead(path);
            Fill(file, path, offset, destination.Span);
            return ValueTask.CompletedTask;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw NotFound(key, e);
        }
        catch (Exception e) when (e is IOException and not EndOfStreamException or UnauthorizedAccessException)
        {
            throw Failed("read", path, e);
        }
    }

    static void Fill(Microsoft.Win32.SafeHandles.SafeFileHandle file, string path, long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var read = RandomAccess.Read(file, destination, offset);
            if (read == 0)
                throw new EndOfStreamException($"{path} ends at byte {RandomAccess.GetLength(file)}; {destination.Length} more were asked for from {offset} on.");
            destination = destination[read..];
            offset += read;
        }
    }

    public ValueTask<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => TryCreateAsync(key, content, [], cancellationToken);

    /// <param name="flushFirst">Files that must be durable before the object can be seen.</param>
    internal async ValueTask<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, LocalFile[] flushFirst, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = _folder.PathOf(key);
        try
        {
            return !File.Exists(path) && await _folder.TryPublishAsync(_folder.WriteTemporary(content.Span), path, flushFirst);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("create", path, e);
        }
    }

    public async ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = _folder.PathOf(key);
        try
        {
            await _folder.ReplaceAsync(_folder.WriteTemporary(content.Span), path, flushFolder: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("write", path, e);
        }
    }

    public async ValueTask ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = _folder.PathOf(key);
        try
        {
            await _alternating.ReplaceAsync(path, content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("write", path, e);
        }
    }

    public ValueTask<ObjectWriter> OpenWriteAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = _folder.PathOf(key);
        try
        {
            return new(new LocalObjectWriter(path, _folder.CreateTemporary(), async file => await _folder.ReplaceAsync(file, path, flushFolder: true)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("write", path, e);
        }
    }

    public WriteGroup BeginWrites() => new LocalWriteGroup(this, _folder);

    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        foreach (var info in LocalListing.Walk(_folder.Root, ObjectKeys.FolderOf(prefix), prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return info;
        }
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        foreach (var name in LocalListing.Folders(_folder.Root, folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return name;
        }
    }

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = _folder.PathOf(key);
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Without the folder there is no object either.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("delete", path, e);
        }
        return ValueTask.CompletedTask;
    }

    ObjectNotFoundException NotFound(string key, Exception inner) => new($"There is no object {key} in {RootUri}.", inner);

    internal static StoreException Failed(string verb, string path, Exception inner) =>
        new($"Could not {verb} {path}: {inner.Message} Check the permissions of the folder and the free space of its disk.", inner);
}
