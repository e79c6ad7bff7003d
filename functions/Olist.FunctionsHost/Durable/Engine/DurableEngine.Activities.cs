using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.Durable.Engine;

/// <summary>Activities: at least once, outside of the orchestrator's thread.</summary>
sealed partial class DurableEngine
{
    async Task RunActivityAsync(Instance instance, int generation, HistoryEvent asked)
    {
        try
        {
            if (!IsRunning) return;
            _faults.At(DurablePoint.BeforeActivity, instance.Id);
            var answer = await CallAsync(instance, asked);
            _faults.At(DurablePoint.AfterActivity, instance.Id);
            if (answer is not null) Deliver(instance, generation, answer);
        }
#pragma warning disable CA1031 // Only the log or the test seam can throw here; nothing may rest on it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Die(error);
        }
        finally
        {
            LeaveWork();
        }
    }

    /// <returns>Null when the host was stopped in the middle: the activity runs again at the next start.</returns>
    async ValueTask<HistoryEvent?> CallAsync(Instance instance, HistoryEvent asked)
    {
        if (_functions.Activity(asked.Name!) is not { } function) // A scheduled task has a name.
            return new HistoryEvent(HistoryKind.TaskFailed, Now, asked.TaskId, asked.Name, Failure: new TaskFailureDetails(
                typeof(InvalidOperationException).FullName!, $"There is no activity '{asked.Name}'; known are: {string.Join(", ", _functions.ActivityNames)}.", null, null, null) { IsNonRetriable = true });
        try
        {
            var result = await _invoker.InvokeAsync(function, asked.Data, new ActivityMetadata(instance.Id));
            return new HistoryEvent(HistoryKind.TaskCompleted, Now, asked.TaskId, Data: _data.Serialize(result));
        }
        catch (HostStoppedException)
        {
            return null;
        }
#pragma warning disable CA1031 // The activity's failure is the orchestrator's to handle.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogActivityFailed(function.Logger, error, function.Name, instance.Id);
            return new HistoryEvent(HistoryKind.TaskFailed, Now, asked.TaskId, asked.Name, Failure: TaskFailureDetails.FromException(error));
        }
    }

    [LoggerMessage(EventId = 4403, Level = LogLevel.Error, Message = "Activity {Function} of instance {InstanceId} failed")]
    static partial void LogActivityFailed(ILogger logger, Exception error, string function, string instanceId);
}
