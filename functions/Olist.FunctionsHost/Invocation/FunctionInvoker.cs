using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Settings;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Invocation;

/// <summary>Runs functions: scope, middleware, binding, timeout, logs and figures. For several threads.</summary>
sealed partial class FunctionInvoker : IDisposable
{
    readonly IServiceScopeFactory _scopes;
    readonly TimeProvider _time;
    readonly HostInstruments _instruments;
    readonly HostSettings _settings;
    readonly Chance _chance;
    readonly HostStop _stop;

    public FunctionInvoker(IServiceScopeFactory scopes, TimeProvider time, HostInstruments instruments, HostSettings settings, Chance chance, HostStop stop)
    {
        _scopes = scopes;
        _time = time;
        _instruments = instruments;
        _settings = settings;
        _chance = chance;
        _stop = stop;
        Running = new RunningInvocations(time, settings.FunctionTimeout, OnTimeout);
    }

    public RunningInvocations Running { get; }

    /// <summary>One execution.</summary>
    /// <param name="complete">Uses the result while the invocation's scope is still there.</param>
    /// <exception cref="HostStoppedException">The host's end cut it off, or came before its result: it counts neither as done nor as failed.</exception>
    /// <exception cref="FunctionTimeoutException">It took longer than <c>functionTimeout</c>.</exception>
    public async ValueTask<object?> InvokeAsync(
        FunctionEntry function, object? triggerValue, TriggerMetadata metadata, HttpContext? http = null, RetryContext? retry = null,
        string? invocationId = null, ActivityContext parent = default, Func<InvocationContext, Task>? complete = null, CancellationToken cancellationToken = default)
    {
        using var activity = HostInstruments.Activities.HasListeners()
            ? HostInstruments.Activities.StartActivity(function.Name, ActivityKind.Internal, parent)
            : null;
        var context = new InvocationContext(function, _scopes, triggerValue, metadata, http, retry, invocationId, _chance, _stop, cancellationToken);
        var started = _time.GetTimestamp();
        var log = function.Logger.IsEnabled(LogLevel.Debug);
        if (log) LogStarted(function.Logger, function.Name, context.InvocationId);
        Running.Add(context);
        var failed = true;
        try
        {
            await function.RunAsync(context);
            if (context.TimedOut) throw TooLong(function);
            if (_stop.IsKnown) throw new HostStoppedException();
            if (complete is not null) await complete(context);
            failed = false;
            return context.Result;
        }
        catch (Exception error) when (_stop.Explains(error))
        {
            throw error as HostStoppedException ?? new HostStoppedException(error);
        }
        catch (OperationCanceledException error) when (context.TimedOut)
        {
            throw TooLong(function, error);
        }
        catch (Exception error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.GetType().Name);
            throw;
        }
        finally
        {
            Running.Remove(context);
            var elapsed = _time.GetElapsedTime(started);
            _instruments.OnInvoked(function, failed, elapsed);
            if (log) LogEnded(function.Logger, function.Name, context.InvocationId, failed ? "failed" : "succeeded", elapsed.TotalMilliseconds);
            await context.EndAsync();
        }
    }

    public void Dispose() => Running.Dispose();

    void OnTimeout(InvocationContext context) =>
        LogTimeout(context.Function.Logger, context.Function.Name, context.InvocationId, _settings.FunctionTimeout);

    FunctionTimeoutException TooLong(FunctionEntry function, Exception? inner = null) =>
        new($"{function.Descriptor} ran longer than functionTimeout ({_settings.FunctionTimeout}); shorten the work, or raise functionTimeout in host.json.", inner);
}
