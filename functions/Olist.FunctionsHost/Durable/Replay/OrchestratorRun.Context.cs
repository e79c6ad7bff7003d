using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.DurableTask;

namespace Olist.FunctionsHost.Durable.Replay;

/// <summary>What the orchestrator sees.</summary>
sealed partial class OrchestratorRun
{
    const int MaxCustomStatusChars = 8 * 1024; // 16 KB of UTF-16.

    ParentOrchestrationInstance? _parent;

    public override TaskName Name => new(_instance.Name);
    public override string InstanceId => _instance.Id;
    public override string Version => _instance.Version;
    public override bool IsReplaying => _isReplaying;

    public override ParentOrchestrationInstance? Parent =>
        _parent ??= _instance.Parent is { } link ? new ParentOrchestrationInstance(new TaskName(link.Name), link.InstanceId) : null;

    public override DateTime CurrentUtcDateTime
    {
        get
        {
            CheckThread();
            return _now;
        }
    }

    public override T? GetInput<T>() where T : default => _data.Deserialize<T>(_input);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        CheckThread();
        var json = _data.Serialize(input);
        return WithRetries<TResult>(() => Ask(new HistoryEvent(HistoryKind.TaskScheduled, _now, _nextTaskId++, name.Name, json), opens: true).Task, options?.Retry);
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        CheckThread();
        if (_entities?.InCriticalSection() == true) throw new InvalidOperationException("While holding locks, cannot call suborchestrators.");
        var json = _data.Serialize(input);
        var given = (options as SubOrchestrationOptions)?.InstanceId;
        if (given is not null) InstanceIds.Check(given);
        return WithRetries<TResult>(
            () => Ask(new HistoryEvent(HistoryKind.SubOrchestrationCreated, _now, _nextTaskId++, orchestratorName.Name, json, given ?? NewGuid().ToString("N")), opens: true).Task,
            options?.Retry);
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        CheckThread();
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        var id = _nextTaskId++;
        var timer = Ask(new HistoryEvent(HistoryKind.TimerCreated, _now, id, FireAt: fireAt.Kind == DateTimeKind.Local ? fireAt.ToUniversalTime() : DateTime.SpecifyKind(fireAt, DateTimeKind.Utc)), opens: true);
        if (cancellationToken.CanBeCanceled)
            cancellationToken.Register(() =>
            {
                if (_open.Remove(id)) timer.TrySetCanceled(cancellationToken);
            });
        return timer.Task;
    }

    public override async Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        CheckThread();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        var data = await _events.WaitAsync(eventName, cancellationToken);
        return _data.Deserialize<T>(data)!; // Null only if null was raised.
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        CheckThread();
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        Ask(new HistoryEvent(HistoryKind.EventSent, _now, _nextTaskId++, eventName, _data.Serialize(payload), instanceId), opens: false);
    }

    public override void SetCustomStatus(object? customStatus)
    {
        CheckThread();
        var json = _data.Serialize(customStatus);
        if (json?.Length > MaxCustomStatusChars)
            throw new ArgumentException($"The custom status has {json.Length} characters; at most {MaxCustomStatusChars} are kept. Keep large data elsewhere.", nameof(customStatus));
        _customStatus = json;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        CheckThread();
        _continueAsNew = (_data.Serialize(newInput), preserveUnprocessedEvents, null);
    }

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        CheckThread();
        ArgumentNullException.ThrowIfNull(options);
        _continueAsNew = (_data.Serialize(options.NewInput), options.PreserveUnprocessedEvents, options.NewVersion);
    }

    public override Guid NewGuid()
    {
        CheckThread();
        return ReplayGuid.Create(_instance.Id, _now, _guids++);
    }

    async Task<TResult> WithRetries<TResult>(Func<Task<string?>> attempt, TaskRetryOptions? retry)
    {
        var firstAttemptAt = _now;
        for (var attempts = 1; ; attempts++)
        {
            try
            {
                return _data.Deserialize<TResult>(await attempt())!; // Null only if null was returned.
            }
            catch (TaskFailedException failed) when (retry is not null)
            {
                if (retry.Policy is { } policy)
                {
                    if (RetryDelay.After(policy, attempts, firstAttemptAt, _now, failed.FailureDetails) is not { } delay) throw;
                    await CreateTimer(_now + delay, CancellationToken.None);
                }
                else if (!await retry.Handler!(new RetryContext(this, attempts, failed.FailureDetails, _now - firstAttemptAt, CancellationToken.None))) throw; // One of the two is set.
            }
        }
    }
}
