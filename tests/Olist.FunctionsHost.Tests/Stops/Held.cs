using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Olist.FunctionsHost.Tests.Stops;

/// <summary>
/// Where functions are held until the host is disposed of. Made with the first invocation, so it is among the first to be disposed of: the
/// container has no services any more by then, but the host's own are still whole, and what a function does of it may still have effects.
/// </summary>
public sealed class Held(bool isOpen = false) : IAsyncDisposable
{
    readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What got through.</summary>
    public ConcurrentQueue<string> Done { get; } = new();

    /// <summary>Somebody is held.</summary>
    public Task Entered => _entered.Task;

    /// <summary>What the disposal waits for after it let everybody go on.</summary>
    public Func<Task> Quiet { get; set; } = () => Task.CompletedTask;

    /// <summary>Waits, and then needs a service.</summary>
    public async Task PassAsync(IServiceProvider services, string what)
    {
        _entered.TrySetResult();
        if (!isOpen) await _open.Task;
        _ = services.GetRequiredService<Held>();
        Done.Enqueue(what);
    }

    /// <summary>Waits for the app to stop, and is cancelled by that.</summary>
    public async Task PassUnlessStoppingAsync(IHostApplicationLifetime lifetime, string what)
    {
        _entered.TrySetResult();
        try
        {
            if (!isOpen) await Task.Delay(Timeout.InfiniteTimeSpan, lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException error)
        {
            throw new InvalidOperationException("wrapped, as by a client of something", error);
        }
        Done.Enqueue(what);
    }

    public async ValueTask DisposeAsync()
    {
        _open.TrySetResult();
        await Quiet();
    }
}
