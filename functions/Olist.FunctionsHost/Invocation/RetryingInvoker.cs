using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Invocation;

/// <summary>Runs a function with its retry attribute: same trigger value, same invocation id, delays in memory. For several threads.</summary>
sealed partial class RetryingInvoker(FunctionInvoker invoker, Chance chance, TimeProvider time)
{
    /// <returns>The last failure, or null after a success.</returns>
    /// <exception cref="OperationCanceledException">A stop came while it ran or waited for a retry: nothing is known of the function.</exception>
    public async ValueTask<Exception?> TryInvokeAsync(
        FunctionEntry function, object? triggerValue, TriggerMetadata metadata, ActivityContext parent, CancellationToken stopRetries)
    {
        if (function.Descriptor.Retry is not { } attribute)
        {
            try
            {
                await invoker.InvokeAsync(function, triggerValue, metadata, parent: parent, cancellationToken: CancellationToken.None);
                return null;
            }
            catch (Exception error) when (error is not HostStoppedException)
            {
                LogFailed(function.Logger, error, function.Name);
                return error;
            }
        }
        var id = chance.NewId().ToString();
        var schedule = new RetrySchedule(attribute, chance);
        for (var retry = 0; ; retry++)
        {
            try
            {
                await invoker.InvokeAsync(function, triggerValue, metadata, null, new FunctionRetryContext(retry, attribute.MaxRetryCount), id, parent, null, CancellationToken.None);
                return null;
            }
            catch (Exception error) when (error is not HostStoppedException)
            {
                LogFailed(function.Logger, error, function.Name);
                if (attribute.MaxRetryCount >= 0 && retry >= attribute.MaxRetryCount) return error;
            }
            var delay = schedule.DelayBefore(retry + 1);
            LogRetry(function.Logger, function.Name, retry + 1, attribute.MaxRetryCount, delay);
            await Task.Delay(delay, time, stopRetries);
        }
    }

    [LoggerMessage(EventId = 4003, Level = LogLevel.Error, Message = "{Function} failed")]
    static partial void LogFailed(ILogger logger, Exception error, string function);

    [LoggerMessage(EventId = 4004, Level = LogLevel.Warning, Message = "{Function} is retried ({Retry} of {MaxRetries}) in {Delay}")]
    static partial void LogRetry(ILogger logger, string function, int retry, int maxRetries, TimeSpan delay);
}
