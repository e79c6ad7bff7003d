using Microsoft.Win32.SafeHandles;

namespace Olist.Storage.LocalFiles;

/// <summary>A file that is written here, from front to back. It stays open until it is durable: opening it again to flush it would cost as much as writing it. For one thread at a time.</summary>
/// <remarks>On Linux opened without what .NET asks of each file that it opens (an advisory lock, the kind of file, of file system): half of the system calls of a small commit were these, and no two writers here have one file.</remarks>
sealed class LocalFile : IDisposable
{
    SafeFileHandle _handle;
    bool _isDurable;
    Exception? _failure;

    LocalFile(string path, SafeFileHandle handle) => (Path, _handle) = (path, handle);

    public string Path { get; }

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>What lies on the disk, which is more than what was written while an old file is overwritten.</summary>
    public long LengthOnDisk => RandomAccess.GetLength(_handle);

    /// <summary>A new file, or an old one made empty.</summary>
    /// <exception cref="DirectoryNotFoundException">Its folder is missing.</exception>
    public static LocalFile Create(string path) => new(path, Libc.TryCreateFile(path) ?? File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read));

    /// <summary>An old one, to be overwritten.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static LocalFile Overwrite(string path) => new(path, OpenToWrite(path));

    /// <summary>For reading; the file may be replaced or deleted meanwhile.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static SafeFileHandle OpenRead(string path) => Libc.TryOpenFile(path, forWriting: false) ?? File.OpenHandle(path);

    static SafeFileHandle OpenToWrite(string path) => Libc.TryOpenFile(path, forWriting: true) ?? File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.Read);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_handle, bytes, Length);
        Length += bytes.Length;
    }

    /// <summary>Has the disk given what was written, without waiting for it. Nothing may depend on it.</summary>
    public void StartFlush()
    {
        if (!_handle.IsClosed) Libc.StartWriting(_handle);
    }

    /// <summary>Makes what was written durable; a file that was closed meanwhile is opened again. Once is enough; and what failed fails for good: the system may have dropped the bytes, and would not say so again.</summary>
    public void Flush()
    {
        if (_isDurable) return;
        if (_failure is not null) throw new IOException($"{Path} could not be flushed before: {_failure.Message}", _failure);
        try
        {
            if (_handle.IsClosed) _handle = OpenToWrite(Path);
            RandomAccess.FlushToDisk(_handle);
            _isDurable = true;
        }
        catch (Exception failure)
        {
            _failure = failure;
            throw;
        }
    }

    public void Dispose() => _handle.Dispose();
}
