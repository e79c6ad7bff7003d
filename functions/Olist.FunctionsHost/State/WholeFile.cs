using Olist.Streaming.Log;

namespace Olist.FunctionsHost.State;

/// <summary>Replaces small files as a whole: a reader sees the old or the new content, after a crash too.</summary>
static class WholeFile
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="toDisk">Whether it outlives a loss of power once this returns: the bytes, and the name in the folder.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, bool toDisk = true)
    {
        var folder = Path.GetDirectoryName(path)!; // Always below the state folder.
        Directory.CreateDirectory(folder);
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using (var file = new FileStream(temporary, options))
        {
            file.Write(content);
            file.Flush(toDisk);
        }
        File.Move(temporary, path, overwrite: true);
        if (toDisk) DirectorySync.Flush(folder);
    }
}
