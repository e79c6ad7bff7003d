using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Olist.Storage.LocalFiles;

/// <summary>Small objects that are replaced again and again, such as the hint of a table, have two files, which take turns: the one that rests is written and given the object's name, at once with the other's getting its own.</summary>
/// <remarks>
/// No file is made and none goes: a file system without a journal may not use the place of a file that went for minutes, and passes over all such places whenever it makes one; a table that is committed to every second leaves hundreds.
/// Nor is the disk waited for: of a content within one sector either the old or the new is there after a power loss, and its writing begins at once. Only a new file is flushed, so that it is never empty.
/// A reader that opened the object before the last two replacements reads the newest content instead of the one that it opened: of the same length, and written by one call.
/// Whoever writes takes the resting file under a name of its own first, so that of two writers one makes a new file. What a crash leaves is swept with the other temporary files.
/// </remarks>
sealed class AlternatingFiles(LocalFolder folder)
{
    /// <summary>A number, as text: short enough to be copied at once.</summary>
    const int MostBytes = 16;

    volatile bool _unsupported = !OperatingSystem.IsLinux();

    /// <summary>Replaces the object, or makes it.</summary>
    public async ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content)
    {
        if (_unsupported || content.Length > MostBytes)
        {
            await folder.ReplaceAsync(folder.WriteTemporary(content.Span), path, flushFolder: false);
            return;
        }
        var resting = RestingName(path);
        if (TryWriteResting(resting, content.Span) is not { } written)
        {
            written = folder.WriteTemporary(content.Span);
            await folder.FlushTemporaryAsync(written);
        }
        if (Libc.RenameExchanging(written.Path, path) != 0)
        {
            // Not made yet, deleted meanwhile, or a file system that can't. Replacing works on all of them, or says why not.
            if (Marshal.GetLastPInvokeError() != Libc.NoSuchFile) _unsupported = true;
            await folder.ReplaceAsync(written, path, flushFolder: false);
            return;
        }
        // Gone when it had not been written for a day, and another process that has just begun swept it away: the object is replaced all the same.
        if (Libc.RenameReplacing(written.Path, resting) != 0 && Marshal.GetLastPInvokeError() != Libc.NoSuchFile)
            throw new IOException($"{written.Path} could not be renamed to {resting}: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    /// <returns>The file, closed, or null: there is none, somebody else was quicker, or its content is of another length.</returns>
    LocalFile? TryWriteResting(string resting, ReadOnlySpan<byte> content)
    {
        var own = folder.TemporaryName();
        if (Libc.RenameReplacing(resting, own) != 0) return null; // one call; nobody else has that name
        try
        {
            using var file = LocalFile.Overwrite(own);
            if (file.LengthOnDisk == content.Length)
            {
                file.Write(content);
                file.StartFlush();
                return file;
            }
        }
        catch
        {
            File.Delete(own);
            throw;
        }
        File.Delete(own);
        return null;
    }

    string RestingName(string path) => Path.Combine(folder.TemporaryFolder, "resting-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)).AsSpan(0, 16)));
}
