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

    /// <summary>Whether what is finished is on the disk.</summary>
    public bool IsFlushing => durability == Durability.Machine;

    public string Root { get; } = root;
    public string TemporaryFolder { get; } = Path.Combine(root, ObjectKeys.ReservedFolder);

    public string PathOf(string key) => Path.Combine(Root, ObjectKeys.Validate(key).Replace('/', Path.DirectorySeparatorChar));

    /// <summary>A file on its way, under a name that nobody else has.</summary>
    public LocalFile CreateTemporary()
    {
        if (Interlocked.Exchange(ref _swept, 1) == 0)
        {
            Directory.CreateDirectory(TemporaryFolder);
            Sweep();
        }
        return Create(TemporaryName());
    }

    public string TemporaryName() => Path.Combine(TemporaryFolder, Guid.NewGuid().ToString("n"));

    /// <summary>Writes a temporary file. It is not flushed, and still open.</summary>
    public LocalFile WriteTemporary(ReadOnlySpan<byte> content) => Write(CreateTemporary(), content);

    /// <summary>Writes all of a file; one that can't be written is gone.</summary>
    public static LocalFile Write(LocalFile file, ReadOnlySpan<byte> content)
    {
        try
        {
            file.Write(content);
            return file;
        }
        catch
        {
            Remove(file);
            throw;
        }
    }

    /// <summary>A file under its own name, empty, whatever was there before.</summary>
    public LocalFile Create(string path)
    {
        try
        {
            return LocalFile.Create(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Looking for the folder each time would cost more than the few times that it is missing.
            EnsureFolder(path);
            return LocalFile.Create(path);
        }
    }

    /// <summary>Closes a file that is not wanted, and deletes it.</summary>
    public static void Remove(LocalFile file)
    {
        file.Dispose();
        File.Delete(file.Path);
    }

    /// <summary>Flushes a temporary file and closes it; one that can't be is gone.</summary>
    public Task FlushTemporaryAsync(LocalFile temporary) => OnDiskAsync(() => Finish(temporary, [], () => { }));

    /// <summary>Flushes finished files and the folders that they are in, and closes them.</summary>
    public Task FlushAsync(LocalFile[] files) => OnDiskAsync(() =>
    {
        FlushContents(files);
        FlushFoldersOf(files);
    });

    // Waiting for the disk is left to threads that do nothing else; without a wait, handing over would cost more than the work.
    Task OnDiskAsync(Action work)
    {
        if (IsFlushing) return DiskThreads.RunAsync(work);
        work();
        return Task.CompletedTask;
    }

    /// <summary>Makes the contents of files durable and closes them. The disk is given all of them before the first is waited for, so that one thread waits little longer than for one file.</summary>
    void FlushContents(LocalFile[] files)
    {
        if (IsFlushing)
        {
            foreach (var file in files) file.StartFlush();
            foreach (var file in files) file.Flush();
        }
        foreach (var file in files) file.Dispose();
    }

    /// <summary>Makes the names of files durable.</summary>
    void FlushFoldersOf(LocalFile[] files)
    {
        if (!IsFlushing || OperatingSystem.IsWindows()) return;
        foreach (var folder in files.Select(file => Path.GetDirectoryName(file.Path)!).Distinct()) Libc.FlushFolder(folder); // keys are below the root
    }

    /// <summary>Flushes and closes a temporary file, and then names it; when either fails, the file is gone.</summary>
    /// <param name="flushFirst">Files that are flushed, with their folders, and closed before.</param>
    void Finish(LocalFile temporary, LocalFile[] flushFirst, Action name)
    {
        try
        {
            FlushContents([.. flushFirst, temporary]);
            FlushFoldersOf(flushFirst);
            name();
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    /// <summary>Gives a temporary file its name if nobody has it; the temporary name is gone afterwards, whatever happens.</summary>
    /// <param name="flushFirst">As above.</param>
    public async Task<bool> TryPublishAsync(LocalFile temporary, string path, LocalFile[] flushFirst)
    {
        var won = false;
        await OnDiskAsync(() =>
        {
            Finish(temporary, flushFirst, () => won = TryName(temporary.Path, path));
            if (won) FlushFolderOf(path);
        });
        return won;
    }

    /// <summary>Gives a temporary file its name, replacing what had it; the temporary name is gone afterwards, whatever happens.</summary>
    /// <param name="flushFolder">Else a power loss may bring back what had it.</param>
    public Task ReplaceAsync(LocalFile temporary, string path, bool flushFolder) => OnDiskAsync(() =>
    {
        Finish(temporary, [], () =>
        {
            EnsureFolder(path);
            File.Move(temporary.Path, path, overwrite: true);
        });
        if (flushFolder) FlushFolderOf(path);
    });

    bool TryName(string temporary, string path)
    {
        if (OperatingSystem.IsLinux() && Libc.RenameExclusive(temporary, path) == 0) return true;
        // Taken, or the folder is missing, or the file system can't: not a matter of speed any more.
        EnsureFolder(path);
        var won = OperatingSystem.IsWindows() ? TryMove(temporary, path) : TryLink(temporary, path);
        File.Delete(temporary);
        return won;
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
        if (!IsFlushing || OperatingSystem.IsWindows()) return;
        for (var parent = Path.GetDirectoryName(folder); parent is not null && parent.Length >= Root.Length; parent = Path.GetDirectoryName(parent))
            Libc.FlushFolder(parent);
    }

    void FlushFolderOf(string path)
    {
        if (IsFlushing && !OperatingSystem.IsWindows()) Libc.FlushFolder(Path.GetDirectoryName(path)!); // keys are below the root
    }

    void Sweep()
    {
        var limit = time.GetUtcNow().UtcDateTime - AbandonedAfter;
        foreach (var file in new DirectoryInfo(TemporaryFolder).EnumerateFiles())
            if (file.LastWriteTimeUtc < limit) file.Delete();
    }
}
