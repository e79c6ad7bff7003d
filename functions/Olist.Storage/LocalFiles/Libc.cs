using System.Runtime.InteropServices;

namespace Olist.Storage.LocalFiles;

/// <summary>The calls that .NET does not offer: exclusive names for finished files, and flushing of folders.</summary>
static partial class Libc
{
    public const int NoSuchFile = 2, NotPermitted = 1, Exists = 17, CrossDevice = 18, NotSupportedBsd = 45, NotSupported = 95, NotImplemented = 38;

    const int AtCurrentFolder = -100;
    const uint RenameNoReplace = 1;

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string existing, string name);

    /// <summary>Renames unless the target exists; for file systems without hard links. Linux only.</summary>
    public static int RenameExclusive(string from, string to) => RenameAt2(AtCurrentFolder, from, AtCurrentFolder, to, RenameNoReplace);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt2(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);

    /// <summary>Makes the names in a folder durable.</summary>
    public static void FlushFolder(string path)
    {
        var file = Open(path, 0);
        if (file < 0) throw new IOException($"Folder {path} could not be opened to be flushed: {Marshal.GetLastPInvokeErrorMessage()}.");
        try
        {
            if (Fsync(file) != 0) throw new IOException($"Folder {path} could not be flushed: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
        finally
        {
            _ = Close(file);
        }
    }
}
