using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Durable.Entities;
using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.Durable.Log;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Settings;
using Olist.FunctionsHost.State;

namespace Olist.FunctionsHost.Durable.Engine;

/// <summary>
/// Runs orchestrations and entities: a message wakes its instance, the instance makes one durable step at a time, and what the step asked for
/// (activities, timers, messages) begins when the step is durable. For several threads.
/// </summary>
sealed partial class DurableEngine : IDisposable
{
    readonly DurableFunctions _functions;
    readonly FunctionInvoker _invoker;
    readonly HostStop _stop;
    readonly IWorkThreads _threads;
    readonly DataConverter _data;
    readonly ILoggerFactory _loggers;
    readonly ILogger _logger;
    readonly TimeProvider _time;
    readonly HostInstruments _instruments;
    readonly DurableSettings _settings;
    readonly FunctionsHostOptions _options;
    readonly IDurableFaults _faults;
    readonly LogSegments _segments;
    readonly InstanceStore _store;
    readonly DueTimers _timers;
    readonly WorkQueue _activities;
    readonly WorkQueue _steps;
    int _work;
    bool _running;
    bool _dead;
    TaskCompletionSource? _idle;

    public DurableEngine(
        DurableFunctions functions, FunctionInvoker invoker, HostStop stop, IWorkThreads threads, DataConverter data, HostState state, DurableSettings settings, FunctionsHostOptions options,
        HostInstruments instruments, Chance chance, TimeProvider time, ILoggerFactory loggers, IDurableFaults faults)
    {
        (_functions, _invoker, _stop, _threads, _data, _settings, _options, _instruments, _time, _loggers, _faults) =
            (functions, invoker, stop, threads, data, settings, options, instruments, time, loggers, faults);
        _logger = loggers.CreateLogger<DurableEngine>();
        _segments = new LogSegments(state.Path("durable"));
        _store = new InstanceStore(_segments.Folder);
        _entityData = new EntityData(data);
        _entityTimers = new EntityTimers(time, WakeDue);
        _store.Entities.OnDue = _entityTimers.Add;
        _hasFaults = faults is not NoFaults;
        (_isOrchestrator, _newInstanceId, _now) = (name => _functions.Orchestrator(name) is not null, () => chance.NewId().ToString("N"), () => Now);
        _timers = new DueTimers(time);
        _activities = new WorkQueue(settings.MaxConcurrentActivities, threads);
        _steps = new WorkQueue(settings.MaxConcurrentOrchestrators, threads);
    }

    DateTime Now => _time.GetUtcNow().UtcDateTime;

    internal DurableLog Log => _store.Log ?? throw new InvalidOperationException("The durable engine has not been started.");

    /// <summary>Reads the log; nothing runs yet.</summary>
    /// <exception cref="CorruptStateException">The log is damaged in the middle.</exception>
    public void Recover()
    {
        var started = _time.GetTimestamp();
        var manifest = _segments.ReadManifest();
        _store.LastMessageId = manifest.LastId;
        _store.Entities.Disk.Recover(manifest.Entities ?? [], _entityTimers.Add);
        _store.Entities.IsRecovering = true;
        var last = _segments.Recover(record => _store.Apply(RecordCodec.Read(record.Span), 0));
        _store.Entities.IsRecovering = false;
        _store.Log = new DurableLog(_segments, last, _options.DurableFlush, _threads, _instruments, _faults, error => Die(error, abandonsLog: false));
        _checkpointedAt = -_segments.Existing().Sum(number => new FileInfo(_segments.PathOf(number)).Length);
        LogEntitiesRecovered();
        if (_store.Count > 0) LogRecovered(_logger, _store.Count, _store.All.Count(instance => !instance.IsFinished), _time.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>Lets everything that waits go on: messages, unfinished activities, timers.</summary>
    public void Start()
    {
        List<Instance> unfinished;
        lock (_store.Gate)
        {
            _running = true;
            unfinished = [.. _store.All.Where(instance => !instance.IsFinished)];
        }
        foreach (var instance in unfinished) Revive(instance);
        StartEntities();
        StartRetention();
    }

    /// <summary>Takes no further step and waits for those that run, and their activities; results that come now are kept in the log.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_store.Gate) _running = false;
        while (true)
        {
            TaskCompletionSource idle;
            lock (_store.Gate)
            {
                if (_work == 0 || _dead) return;
                idle = _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            await idle.Task.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        lock (_store.Gate)
        {
            (_running, _dead) = (false, true);
            WakeWaiters();
        }
        // Whoever opens the folder next must not meet a checkpoint of this engine that still writes and deletes there; a real death takes it along.
        _threads.WaitUntil(() => Volatile.Read(ref _isCheckpointing) == 0, TimeSpan.FromSeconds(10));
        _retention?.Dispose();
        _timers.Dispose();
        _entityTimers.Dispose();
        _store.Log?.Dispose();
        _store.Dispose();
    }

    bool IsRunning
    {
        get
        {
            lock (_store.Gate) return _running;
        }
    }

    /// <summary>Whether a fault has ended the engine.</summary>
    public bool IsDead
    {
        get
        {
            lock (_store.Gate) return _dead;
        }
    }

    /// <summary>What is not on disk now never will be: the log can't be written, or a test says that the process is dead.</summary>
    /// <param name="abandonsLog">False when the log knows.</param>
    internal void Die(Exception cause, bool abandonsLog = true)
    {
        lock (_store.Gate)
        {
            if (_dead) return;
            (_running, _dead) = (false, true);
            _stop.Break();
            _idle?.TrySetResult();
            WakeWaiters();
        }
        LogDied(_logger, cause);
        _retention?.Dispose();
        _timers.Dispose();
        _entityTimers.Dispose();
        if (abandonsLog) _store.Log?.Abandon();
    }

    /// <summary>Nothing changes any more: whoever waits for an instance is told so.</summary>
    void WakeWaiters()
    {
        foreach (var instance in _store.All) instance.StatusChange?.TrySetResult();
    }

    /// <summary>What was under way when the process ended: activities again, timers at their time, messages at once.</summary>
    void Revive(Instance instance)
    {
        List<HistoryEvent> asked = [];
        lock (_store.Gate)
        {
            var answered = instance.History.Select(AnswersTo).Concat(instance.Inbox.Where(m => m.Generation == instance.Generation).Select(m => AnswersTo(m.Event))).ToHashSet();
            asked.AddRange(instance.History.Where(e => e.Kind is HistoryKind.TaskScheduled or HistoryKind.TimerCreated && !answered.Contains(e.TaskId)));
        }
        Dispatch(instance, instance.Generation, asked);
        if (instance.StartAt > Now) _timers.Add(instance.StartAt, () => Wake(instance));
        Wake(instance);
    }

    static int AnswersTo(HistoryEvent happened) =>
        happened.Kind is HistoryKind.TaskCompleted or HistoryKind.TaskFailed or HistoryKind.TimerFired ? happened.TaskId : -1;

    void EnterWork()
    {
        lock (_store.Gate) _work++;
    }

    bool EnterWorkIfRunning()
    {
        lock (_store.Gate)
        {
            if (_running) _work++;
            return _running;
        }
    }

    void LeaveWork()
    {
        lock (_store.Gate)
            if (--_work == 0) _idle?.TrySetResult();
    }

    [LoggerMessage(EventId = 4400, Level = LogLevel.Information, Message = "{Count} orchestrations recovered ({Unfinished} go on) in {ElapsedMs:0} ms")]
    static partial void LogRecovered(ILogger logger, int count, int unfinished, double elapsedMs);

    [LoggerMessage(EventId = 4401, Level = LogLevel.Critical, Message = "The durable engine has stopped: what it does can't be made durable any more. Restart the host; everything goes on from the last durable step")]
    static partial void LogDied(ILogger logger, Exception cause);
}
