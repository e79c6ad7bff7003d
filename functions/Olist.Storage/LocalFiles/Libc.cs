using System.Runtime.InteropServices;

namespace Olist.Storage.LocalFiles;

/// <summary>The calls that .NET does not offer: exclusive names for finished files, and flushing of folders.</summary>
static partial class Libc
{
    public const int NoSuchFile = 2, NotPermitted = 1, Exists = 17, CrossDevice = 18, NotSupportedBsd = 45, NotSupported = 95, NotImplemented = 38;

    const int AtCurrentFolder = -100;
    const uint RenameNoReplace = 1, RenameExchange = 2, WriteNow = 2;

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string existing, string name);

    /// <summary>Renames unless the target exists; for file systems without hard links. Linux only.</summary>
    public static int RenameExclusive(string from, string to) => Rename(from, to, RenameNoReplace);

    /// <summary>Gives each of two files the other's name, at once. Linux only, and not on every file system.</summary>
    public static int RenameExchanging(string one, string other) => Rename(one, other, RenameExchange);

    static int Rename(string from, string to, uint flags)
    {
        try
        {
            return RenameAt2(AtCurrentFolder, from, AtCurrentFolder, to, flags);
        }
        catch (EntryPointNotFoundException) // an old C library
        {
            Marshal.SetLastPInvokeError(NotImplemented);
            return -1;
        }
    }

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt2(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int SyncFileRange(int file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);

    /// <summary>Has the disk given what was written, without waiting for it. Linux only; nothing may depend on its success.</summary>
    public static void StartWriting(Microsoft.Win32.SafeHandles.SafeFileHandle file) => _ = SyncFileRange((int)file.DangerousGetHandle(), 0, 0, WriteNow);

    /// <summary>Makes the names in a folder durable.</summary>
    public static void FlushFolder(string path)
    {
        var folder = OpenToFlush(path);
        try
        {
            Flush(folder, path);
        }
        finally
        {
            _ = Close(folder);
        }
    }

    /// <summary>Makes the contents of files durable. The disk is given all of them before the first is waited for, so that one thread waits little longer than for one file.</summary>
    public static void FlushFiles(ReadOnlySpan<string> paths)
    {
        const int AtATime = 64; // a process may not open any number of files
        var files = new int[Math.Min(paths.Length, AtATime)];
        for (; !paths.IsEmpty; paths = paths[Math.Min(paths.Length, AtATime)..])
        {
            var opened = 0;
            try
            {
                foreach (var path in paths[..Math.Min(paths.Length, AtATime)])
                {
                    files[opened] = OpenToFlush(path);
                    // Nothing depends on its success.
                    if (OperatingSystem.IsLinux()) _ = SyncFileRange(files[opened], 0, 0, WriteNow);
                    opened++;
                }
                for (var file = 0; file < opened; file++) Flush(files[file], paths[file]);
            }
            finally
            {
                for (var file = 0; file < opened; file++) _ = Close(files[file]);
            }
        }
    }

    static int OpenToFlush(string path) =>
        Open(path, 0) is >= 0 and var file ? file : throw new IOException($"{path} could not be opened to be flushed: {Marshal.GetLastPInvokeErrorMessage()}.");

    static void Flush(int file, string path)
    {
        if (Fsync(file) != 0) throw new IOException($"{path} could not be flushed: {Marshal.GetLastPInvokeErrorMessage()}.");
    }
}
