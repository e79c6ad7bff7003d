using System.Runtime.InteropServices;

namespace Olist.Storage.LocalFiles;

/// <summary>Turns finished temporary files into objects; the one place that knows what is atomic on which system.</summary>
/// <remarks>
/// Temporary files live in <c>ROOT/.tmp</c>: on the same file system, and out of every listing. One that a crash left behind is swept a day later.
/// <see cref="File.Move(string, string, bool)"/> without overwriting looks and then renames on Unix, so two writers can both win: names are taken with <c>link(2)</c> instead.
/// </remarks>
sealed class LocalFolder(string root, Durability durability, TimeProvider time)
{
    static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);

    int _swept;

    public string Root { get; } = root;
    string TemporaryFolder { get; } = Path.Combine(root, ObjectKeys.ReservedFolder);

    public string PathOf(string key) => Path.Combine(Root, ObjectKeys.Validate(key).Replace('/', Path.DirectorySeparatorChar));

    public FileStream CreateTemporary()
    {
        if (Interlocked.Exchange(ref _swept, 1) == 0)
        {
            Directory.CreateDirectory(TemporaryFolder);
            Sweep();
        }
        var path = Path.Combine(TemporaryFolder, Guid.NewGuid().ToString("n"));
        try
        {
            return Open(path, FileMode.CreateNew);
        }
        catch (DirectoryNotFoundException)
        {
            Directory.CreateDirectory(TemporaryFolder);
            return Open(path, FileMode.CreateNew);
        }
    }

    /// <summary>A file under its own name, empty, whatever was there before.</summary>
    public FileStream Create(string path)
    {
        EnsureFolder(path);
        return Open(path, FileMode.Create);
    }

    // The caller's own buffer: streams here are written in large pieces.
    static FileStream Open(string path, FileMode mode) => new(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public Task FlushAsync(FileStream file) => durability == Durability.Machine ? DiskThreads.RunAsync(() => file.Flush(flushToDisk: true)) : Task.CompletedTask;

    /// <summary>Flushes finished files and the folders that they are in, all at once.</summary>
    public Task FlushAsync(IReadOnlyCollection<string> paths)
    {
        if (durability != Durability.Machine) return Task.CompletedTask;
        var folders = OperatingSystem.IsWindows() ? [] : paths.Select(path => Path.GetDirectoryName(path)!).Distinct(); // keys are below the root
        return Task.WhenAll([.. paths.Select(path => DiskThreads.RunAsync(() => FlushFile(path))), .. folders.Select(folder => DiskThreads.RunAsync(() => Libc.FlushFolder(folder)))]);
    }

    static void FlushFile(string path)
    {
        // Windows flushes only what is open for writing.
        using var file = File.OpenHandle(path, FileMode.Open, OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Gives the finished file its name if nobody has it; the temporary name is gone afterwards.</summary>
    public async ValueTask<bool> TryPublishAsync(string temporary, string path)
    {
        bool won;
        try
        {
            EnsureFolder(path);
            won = OperatingSystem.IsWindows() ? TryMove(temporary, path) : TryLink(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }
        if (won) await FlushFolderOfAsync(path);
        return won;
    }

    /// <summary>Gives the finished file its name, replacing what had it.</summary>
    /// <param name="flushFolder">Else a power loss may bring back what had it.</param>
    public async ValueTask ReplaceAsync(string temporary, string path, bool flushFolder)
    {
        try
        {
            EnsureFolder(path);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
        if (flushFolder) await FlushFolderOfAsync(path);
    }

    static bool TryMove(string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    static bool TryLink(string temporary, string path)
    {
        if (Libc.Link(temporary, path) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        if (error is Libc.NotPermitted or Libc.NotSupported or Libc.NotSupportedBsd or Libc.NotImplemented && OperatingSystem.IsLinux())
        {
            if (Libc.RenameExclusive(temporary, path) == 0) return true;
            error = Marshal.GetLastPInvokeError();
        }
        if (error == Libc.Exists) return false;
        throw new IOException($"{path} could not be created: {Marshal.GetPInvokeErrorMessage(error)}. The folder must be on one file system that knows hard links.");
    }

    void EnsureFolder(string path)
    {
        var folder = Path.GetDirectoryName(path)!; // keys are below the root, so there always is one
        if (Directory.Exists(folder)) return;
        Directory.CreateDirectory(folder);
        if (durability != Durability.Machine || OperatingSystem.IsWindows()) return;
        for (var parent = Path.GetDirectoryName(folder); parent is not null && parent.Length >= Root.Length; parent = Path.GetDirectoryName(parent))
            Libc.FlushFolder(parent);
    }

    Task FlushFolderOfAsync(string path) =>
        durability == Durability.Machine && !OperatingSystem.IsWindows() ? DiskThreads.RunAsync(() => Libc.FlushFolder(Path.GetDirectoryName(path)!)) : Task.CompletedTask;

    void Sweep()
    {
        var limit = time.GetUtcNow().UtcDateTime - AbandonedAfter;
        foreach (var file in new DirectoryInfo(TemporaryFolder).EnumerateFiles())
            if (file.LastWriteTimeUtc < limit) file.Delete();
    }
}
