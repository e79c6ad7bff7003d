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
    public string TemporaryFolder { get; } = Path.Combine(root, ObjectKeys.ReservedFolder);

    public string PathOf(string key) => Path.Combine(Root, ObjectKeys.Validate(key).Replace('/', Path.DirectorySeparatorChar));

    public FileStream CreateTemporary()
    {
        if (Interlocked.Exchange(ref _swept, 1) == 0)
        {
            Directory.CreateDirectory(TemporaryFolder);
            Sweep();
        }
        var path = TemporaryName();
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

    public string TemporaryName() => Path.Combine(TemporaryFolder, Guid.NewGuid().ToString("n"));

    /// <summary>Writes a temporary file. It is not flushed.</summary>
    public string WriteTemporary(ReadOnlySpan<byte> content)
    {
        using var file = CreateTemporary();
        try
        {
            file.Write(content);
            return file.Name;
        }
        catch
        {
            File.Delete(file.Name);
            throw;
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

    /// <summary>Flushes a temporary file; one that can't be is gone.</summary>
    public Task FlushTemporaryAsync(string temporary) => OnDiskAsync(() =>
    {
        try
        {
            Flush([], [temporary]);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    });

    /// <summary>Flushes finished files and the folders that they are in.</summary>
    public Task FlushAsync(string[] paths) => OnDiskAsync(() => Flush(paths, []));

    // Waiting for the disk is left to threads that do nothing else; without a wait, handing over would cost more than the work.
    Task OnDiskAsync(Action work)
    {
        if (durability == Durability.Machine) return DiskThreads.RunAsync(work);
        work();
        return Task.CompletedTask;
    }

    void Flush(string[] paths, ReadOnlySpan<string> temporary)
    {
        if (durability != Durability.Machine) return;
        if (OperatingSystem.IsWindows())
        {
            foreach (var path in (string[])[.. paths, .. temporary]) FlushFile(path);
            return;
        }
        Libc.FlushFiles([.. paths, .. temporary]);
        foreach (var folder in paths.Select(path => Path.GetDirectoryName(path)!).Distinct()) Libc.FlushFolder(folder); // keys are below the root
    }

    static void FlushFile(string path)
    {
        // Windows flushes only what is open for writing.
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Gives a temporary file its name if nobody has it; the temporary name is gone afterwards, whatever happens.</summary>
    /// <param name="flushFirst">Files that are flushed, with their folders, before.</param>
    public async Task<bool> TryPublishAsync(string temporary, string path, string[] flushFirst)
    {
        var won = false;
        await OnDiskAsync(() =>
        {
            try
            {
                Flush(flushFirst, [temporary]);
                EnsureFolder(path);
                won = OperatingSystem.IsWindows() ? TryMove(temporary, path) : TryLink(temporary, path);
            }
            finally
            {
                File.Delete(temporary);
            }
            if (won) FlushFolderOf(path);
        });
        return won;
    }

    /// <summary>Gives a temporary file its name, replacing what had it; the temporary name is gone afterwards, whatever happens.</summary>
    /// <param name="flushFolder">Else a power loss may bring back what had it.</param>
    public Task ReplaceAsync(string temporary, string path, bool flushFolder) => OnDiskAsync(() =>
    {
        try
        {
            Flush([], [temporary]);
            EnsureFolder(path);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
        if (flushFolder) FlushFolderOf(path);
    });

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

    void FlushFolderOf(string path)
    {
        if (durability == Durability.Machine && !OperatingSystem.IsWindows()) Libc.FlushFolder(Path.GetDirectoryName(path)!); // keys are below the root
    }

    void Sweep()
    {
        var limit = time.GetUtcNow().UtcDateTime - AbandonedAfter;
        foreach (var file in new DirectoryInfo(TemporaryFolder).EnumerateFiles())
            if (file.LastWriteTimeUtc < limit) file.Delete();
    }
}
