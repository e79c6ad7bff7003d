using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Olist.Storage.LocalFiles;

/// <summary>The calls that .NET does not offer: exclusive names for finished files, and flushing of folders.</summary>
static partial class Libc
{
    public const int NoSuchFile = 2, NotPermitted = 1, Exists = 17, CrossDevice = 18, NotSupportedBsd = 45, NotSupported = 95, NotImplemented = 38;

    const int AtCurrentFolder = -100;
    const uint RenameNoReplace = 1, RenameExchange = 2, WriteNow = 2;

    // Of Linux, on all processors that .NET runs on.
    const int WriteOnly = 1, CreateIfMissing = 0x40, Truncate = 0x200, CloseOnExec = 0x80000;

    /// <summary>By everybody, less what the process' mask takes away, as .NET makes files.</summary>
    const int ReadableAndWritable = 0x1B6;

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string existing, string name);

    /// <summary>Renames, replacing what has the name. Linux only.</summary>
    public static int RenameReplacing(string from, string to) => Rename(from, to, 0);

    /// <summary>Renames unless the target exists. Linux only, and not on every file system.</summary>
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
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int SyncFileRange(int file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);

    /// <summary>Has the disk given what was written, without waiting for it. Nothing may depend on its success; other systems than Linux have no such call.</summary>
    public static void StartWriting(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux()) _ = SyncFileRange((int)file.DangerousGetHandle(), 0, 0, WriteNow);
    }

    /// <summary>A file that is made, or made empty. Null: not on this system, or .NET shall say why not.</summary>
    /// <exception cref="DirectoryNotFoundException">Its folder is missing.</exception>
    public static SafeFileHandle? TryCreateFile(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var file = Open(path, WriteOnly | CreateIfMissing | Truncate | CloseOnExec, ReadableAndWritable);
        if (file >= 0) return new SafeFileHandle(file, ownsHandle: true);
        return Marshal.GetLastPInvokeError() == NoSuchFile ? throw new DirectoryNotFoundException($"The folder of {path} does not exist.") : null;
    }

    /// <summary>A file that exists. Null: not on this system, or .NET shall say why not.</summary>
    public static SafeFileHandle? TryOpenFile(string path, bool forWriting)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var file = Open(path, (forWriting ? WriteOnly : 0) | CloseOnExec, 0);
        return file >= 0 ? new SafeFileHandle(file, ownsHandle: true) : null;
    }

    /// <summary>Makes the names in a folder durable.</summary>
    public static void FlushFolder(string path)
    {
        var folder = Open(path, 0, 0);
        if (folder < 0) throw new IOException($"{path} could not be opened to be flushed: {Marshal.GetLastPInvokeErrorMessage()}.");
        try
        {
            Flush(folder, path);
        }
        finally
        {
            _ = Close(folder);
        }
    }

    static void Flush(int file, string path)
    {
        if (Fsync(file) != 0) throw new IOException($"{path} could not be flushed: {Marshal.GetLastPInvokeErrorMessage()}.");
    }
}
