using System.Globalization;
using System.Text;

namespace Olist.Streaming;

/// <summary>The folder that a process keeps its state in, taken for itself: nobody else gets it until this is disposed or the process ends, however it ends.</summary>
/// <remarks>A folder is a state folder by the file <c>olist.state</c>, which is put into a missing or an empty one; a folder with other content is refused.</remarks>
public sealed class StateFolder : IDisposable
{
    const string MarkerName = "olist.state";
    const string LockName = "olist.lock";
    const string OwnerName = "olist.owner";
    const string MarkerText = "This folder holds the state of Olist.Functions, format 1. Do not put other files here.\n";

    readonly FileStream _lock;

    StateFolder(string path, FileStream heldLock)
    {
        Path = path;
        _lock = heldLock;
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <exception cref="StateInUseException">Another process, or another part of this one, has it.</exception>
    /// <exception cref="StreamingException">The folder holds something else.</exception>
    public static StateFolder Acquire(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = System.IO.Path.GetFullPath(path);
        if (File.Exists(path)) throw new StreamingException($"State folder {path} is a file; give a folder.");
        Directory.CreateDirectory(path);
        RefuseForeign(path);
        var held = Lock(path);
        try
        {
            Mark(path);
            var owner = string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}");
            File.WriteAllText(System.IO.Path.Combine(path, OwnerName), owner);
            return new StateFolder(path, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    static void RefuseForeign(string path)
    {
        if (File.Exists(System.IO.Path.Combine(path, MarkerName))) return;
        string[] own = [LockName, OwnerName, MarkerName + ".new"];
        var foreign = Directory.EnumerateFileSystemEntries(path).Select(entry => System.IO.Path.GetFileName(entry)).Except(own, StringComparer.Ordinal).Order(StringComparer.Ordinal).FirstOrDefault();
        if (foreign is not null)
            throw new StreamingException($"{path} is no state folder: it holds '{foreign}' and no {MarkerName}. Give an empty or a new folder, or one that this program made.");
    }

    static FileStream Lock(string path)
    {
        try
        {
            // On Unix this is flock(2), which the kernel gives back when the process dies.
            return new FileStream(System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception is not (PathTooLongException or DirectoryNotFoundException or FileNotFoundException))
        {
            throw new StateInUseException($"State folder {path} is in use by {FindOwner(path)}. Stop it, or give another folder.", exception);
        }
    }

    static string FindOwner(string path)
    {
        try
        {
            return File.ReadAllText(System.IO.Path.Combine(path, OwnerName));
        }
        catch (IOException)
        {
            return "another process";
        }
    }

    static void Mark(string path)
    {
        var marker = System.IO.Path.Combine(path, MarkerName);
        if (File.Exists(marker))
        {
            var text = File.ReadAllText(marker, Encoding.UTF8);
            if (text != MarkerText) throw new StreamingException($"{marker} says '{text.Trim()}', expected '{MarkerText.Trim()}': the folder was made by another version.");
            return;
        }
        File.WriteAllText(marker + ".new", MarkerText);
        File.Move(marker + ".new", marker);
    }
}
