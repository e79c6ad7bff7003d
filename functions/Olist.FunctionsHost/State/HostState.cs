using Olist.FunctionsHost.Hosting;
using Olist.Streaming;

namespace Olist.FunctionsHost.State;

/// <summary>
/// The folder that keeps keys, timers and durable state. Taken for this process from <see cref="Open"/> to <see cref="Dispose"/>, unless the
/// app has taken it itself (for its log, say) and registered it.
/// </summary>
sealed class HostState(string path, StateFolder? shared) : IDisposable
{
    StateFolder? _own;

    public string Root { get; } = shared?.Path ?? System.IO.Path.GetFullPath(path);

    /// <exception cref="FunctionsHostException">Another process has it, it holds something else, or it can't be made.</exception>
    public void Open()
    {
        if (shared is not null || _own is not null) return;
        try
        {
            _own = StateFolder.Acquire(Root);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or StreamingException)
        {
            throw new FunctionsHostException($"{error.Message} The folder is set by {FunctionsHostOptions.Section}:State.", error);
        }
    }

    public string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    public void Dispose()
    {
        _own?.Dispose();
        _own = null;
    }
}
