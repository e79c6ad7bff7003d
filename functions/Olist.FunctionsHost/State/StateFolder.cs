using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.State;

/// <summary>The folder that keeps keys, timers and durable state; locked for one process from <see cref="Open"/> to <see cref="Dispose"/>.</summary>
sealed class StateFolder(string path) : IDisposable
{
    FileStream? _lock;

    public string Root { get; } = System.IO.Path.GetFullPath(path);

    /// <exception cref="FunctionsHostException">Another process has it, or it can't be made.</exception>
    public void Open()
    {
        if (_lock is not null) return;
        try
        {
            Directory.CreateDirectory(Root);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FunctionsHostException($"The state folder {Root} can't be made ({error.Message}); set {FunctionsHostOptions.Section}:State to a folder that this user may write.", error);
        }
        var file = Path("host.lock");
        try
        {
            _lock = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new FunctionsHostException(
                $"The state folder {Root} is in use by another process ({file} is locked); stop that one, or set {FunctionsHostOptions.Section}:State to another folder.", error);
        }
    }

    public string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    public void Dispose()
    {
        _lock?.Dispose();
        _lock = null;
    }
}
