using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Olist.Streaming.Log;

/// <summary>Makes created and renamed files of a folder durable. On Windows the file system does that by itself.</summary>
public static partial class DirectorySync
{
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(folder, 0);
        if (descriptor < 0) throw Failure(folder);
        try
        {
            if (Sync(descriptor) != 0) throw Failure(folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    static IOException Failure(string folder)
    {
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"Folder {folder} could not be synced: {error.Message}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
