using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.Invocation;

/// <summary>
/// Tells what a function did from what the host's end did to it. A host that was disposed of has no services for anybody any more: whatever
/// fails from then on is as if the process had been killed, and must not count as the function's own failure. For several threads.
/// </summary>
sealed class HostStop : IDisposable
{
    readonly IServiceScopeFactory _scopes;
    readonly CancellationToken _applicationStopping;
    readonly CancellationTokenSource _abort = new();
    volatile bool _isGone;
    volatile bool _isBroken;

    public HostStop(IServiceScopeFactory scopes, IHostApplicationLifetime lifetime)
    {
        (_scopes, _applicationStopping) = (scopes, lifetime.ApplicationStopping);
        Aborted = _abort.Token;
    }

    /// <summary>Cancelled when what runs may not go on: the drain took too long, or the host was disposed of.</summary>
    public CancellationToken Aborted { get; }

    /// <summary>Cancels the tokens of all that runs: the drain took too long.</summary>
    public void Abort() => _abort.Cancel();

    /// <summary>Nothing can be made durable any more, until the host is started again: who fails from now on is not to blame.</summary>
    public void Break() => _isBroken = true;

    /// <summary>Whether the end is known already; cheap, for those who succeeded.</summary>
    public bool IsKnown => _isGone;

    /// <summary>Whether the host was disposed of. The container says so from its first moment on, before any service of it is gone.</summary>
    public bool IsGone
    {
        get
        {
            if (_isGone) return true;
            try
            {
                _scopes.CreateScope().Dispose();
                return false;
            }
            catch (ObjectDisposedException)
            {
                return _isGone = true;
            }
        }
    }

    /// <summary>Whether the failure is, or may be, what the end of the host did: then nothing is known of the function.</summary>
    public bool Explains(Exception error) =>
        error is HostStoppedException || _isBroken || Aborted.IsCancellationRequested || IsGone || (_applicationStopping.IsCancellationRequested && IsCancellation(error));

    public void Dispose()
    {
        if (_isGone && _abort.IsCancellationRequested) return;
        _isGone = true;
        _ = CancelAsync();
    }

    /// <summary>Not on the thread that disposes of everything: callbacks are anybody's, and nobody is left to tell of their failures.</summary>
    async Task CancelAsync()
    {
        await _abort.CancelAsync();
        _abort.Dispose();
    }

    static bool IsCancellation(Exception error) =>
        error is OperationCanceledException
        || (error is AggregateException many ? many.InnerExceptions.Any(IsCancellation) : error.InnerException is { } inner && IsCancellation(inner));
}
