using Olist.FunctionsHost.Settings;

namespace Olist.FunctionsHost.Triggers.Http;

/// <summary><c>maxOutstandingRequests</c> (above: refused) and <c>maxConcurrentRequests</c> (above: waits). For several threads.</summary>
sealed class RequestLimits(HttpSettings settings)
{
    readonly SemaphoreSlim? _concurrent = settings.MaxConcurrentRequests > 0 ? new SemaphoreSlim(settings.MaxConcurrentRequests) : null;
    int _outstanding;

    public async ValueTask<bool> TryEnterAsync(CancellationToken cancellationToken)
    {
        if (settings.MaxOutstandingRequests > 0 && Interlocked.Increment(ref _outstanding) > settings.MaxOutstandingRequests)
        {
            Interlocked.Decrement(ref _outstanding);
            return false;
        }
        if (_concurrent is not null)
        {
            try
            {
                await _concurrent.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                if (settings.MaxOutstandingRequests > 0) Interlocked.Decrement(ref _outstanding);
                throw;
            }
        }
        return true;
    }

    public void Leave()
    {
        _concurrent?.Release();
        if (settings.MaxOutstandingRequests > 0) Interlocked.Decrement(ref _outstanding);
    }
}
