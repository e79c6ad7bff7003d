using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Triggers.Timer;

/// <summary>Runs one timer function: never twice at the same time, and after a run too long once, at once.</summary>
sealed partial class TimerListener(
    FunctionEntry function, TimerSchedule schedule, ScheduleMonitor monitor, RetryingInvoker invoker, HostStop host, TimeProvider time, ILogger logger) : IFunctionListener
{
    // Task.Delay takes 49 days at most.
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(7);

    readonly TimerTriggerAttribute _trigger = (TimerTriggerAttribute)function.Descriptor.Trigger;
    readonly StopSignal _stop = new();
    readonly SemaphoreSlim _oneAtATime = new(1, 1);
    bool _isMonitored;
    ScheduleRecord _record = new(schedule.Text, default, default, default);
    Task _loop = Task.CompletedTask;

    public string Function => function.Name;

    /// <summary>When the next run is due.</summary>
    public DateTimeOffset Next => _record.Next;

    public void Start() => _loop = RunAsync();

    public async Task StopAsync()
    {
        _stop.Set();
        await _loop;
        await _oneAtATime.WaitAsync();
        _oneAtATime.Release();
    }

    /// <summary>A run by hand; waits for one that is going on.</summary>
    public Task RunNowAsync() => InvokeAsync(isPastDue: false, updateSchedule: false);

    public void Dispose() => _stop.Dispose();

    async Task RunAsync()
    {
        try
        {
            var now = time.GetUtcNow();
            _isMonitored = _trigger.UseMonitor && !schedule.IsBelowOneMinute(now, time.LocalTimeZone);
            var kept = _isMonitored ? monitor.Load(Function) : null;
            if (kept is not null && kept.Schedule == schedule.Text)
            {
                _record = kept;
                if (kept.Next < now)
                {
                    LogPastDue(logger, Function, kept.Next);
                    await InvokeAsync(isPastDue: true, updateSchedule: true);
                }
                else if (_trigger.RunOnStartup) await InvokeAsync(isPastDue: false, updateSchedule: true);
            }
            else
            {
                _record = new ScheduleRecord(schedule.Text, default, schedule.NextAfter(now, time.LocalTimeZone), now);
                Keep();
                if (_trigger.RunOnStartup) await InvokeAsync(isPastDue: false, updateSchedule: true);
            }
            while (!_stop.IsSet)
            {
                await WaitUntilAsync(_record.Next);
                await InvokeAsync(isPastDue: false, updateSchedule: true);
            }
        }
        catch (OperationCanceledException) when (_stop.IsSet)
        {
            // Stopped between two runs.
        }
        catch (Exception) when (host.IsGone)
        {
            // Nobody is there any more to run for.
        }
        catch (Exception error)
        {
            LogBroken(logger, error, Function);
            throw;
        }
    }

    async Task WaitUntilAsync(DateTimeOffset due)
    {
        while (due - time.GetUtcNow() is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait < LongestWait ? wait : LongestWait, time, _stop.Token);
        _stop.Token.ThrowIfCancellationRequested();
    }

    async Task InvokeAsync(bool isPastDue, bool updateSchedule)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            var started = time.GetUtcNow();
            var info = new TimerInfo
            {
                IsPastDue = isPastDue,
                ScheduleStatus = _isMonitored
                    ? new ScheduleStatus { Last = _record.Last.UtcDateTime, Next = _record.Next.UtcDateTime, LastUpdated = _record.LastUpdated.UtcDateTime }
                    : null,
            };
            await invoker.TryInvokeAsync(function, info, TriggerMetadata.None, default, _stop.Token);
            if (!updateSchedule) return;
            // From the start, not the end: a run that was too long is followed by one at once, not by all that it covered.
            var next = schedule.NextAfter(started, time.LocalTimeZone);
            var now = time.GetUtcNow();
            _record = new ScheduleRecord(schedule.Text, started, next < now ? now : next, now);
            Keep();
        }
        catch (OperationCanceledException)
        {
            // Stopped in the middle or between retries: the run counts as missed, and the next start catches up.
            _stop.Set();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    void Keep()
    {
        if (_isMonitored) monitor.Save(Function, _record);
    }

    [LoggerMessage(EventId = 4100, Level = LogLevel.Information, Message = "{Function} was due at {Due:O} and runs now, once")]
    static partial void LogPastDue(ILogger logger, string function, DateTimeOffset due);

    [LoggerMessage(EventId = 4101, Level = LogLevel.Critical, Message = "The timer of {Function} has ended and will not run again until the host restarts")]
    static partial void LogBroken(ILogger logger, Exception error, string function);
}
