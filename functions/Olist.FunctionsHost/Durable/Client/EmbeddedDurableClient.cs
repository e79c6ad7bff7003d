using Olist.FunctionsHost.Durable.Engine;
using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.DurableTask.Client.Entities;
using Olist.FunctionsHost.Settings;

namespace Olist.FunctionsHost.Durable.Client;

/// <summary>The durable client of this host, straight on its engine.</summary>
sealed class EmbeddedDurableClient(DurableEngine engine, DataConverter data, DurableSettings settings, TimeProvider time) : DurableTaskClient(settings.HubName)
{
    public override DurableEntityClient Entities { get; } = new EmbeddedEntityClient(engine, data, settings.HubName);

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return engine.ScheduleAsync(orchestratorName, data.Serialize(input), options);
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        cancellation.ThrowIfCancellationRequested();
        return engine.SendAsync(instanceId, HistoryKind.EventRaised, eventName, data.Serialize(eventPayload));
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        engine.WaitAsync(instanceId, instance => instance.Status != OrchestrationRuntimeStatus.Pending, instance => InstanceMetadata.Of(instance, getInputsAndOutputs, data), cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        engine.WaitAsync(instanceId, instance => instance.IsFinished, instance => InstanceMetadata.Of(instance, getInputsAndOutputs, data), cancellation);

    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        engine.ReadAsync(instanceId, instance => InstanceMetadata.Of(instance, getInputsAndOutputs, data));

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        filter ??= new OrchestrationQuery();
        var matches = InstanceMetadata.Filter(filter.CreatedFrom, filter.CreatedTo, filter.Statuses, filter.InstanceIdPrefix);
        return new PagedQuery<OrchestrationMetadata>(
            (after, count) => engine.ListAsync(matches, after, count, instance => InstanceMetadata.Of(instance, filter.FetchInputsAndOutputs, data)),
            metadata => metadata.InstanceId, filter.PageSize, filter.ContinuationToken);
    }

    public override async Task<Page<string>> ListInstanceIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null, DateTimeOffset? completedTimeFrom = null, DateTimeOffset? completedTimeTo = null,
        int pageSize = 100, string? lastInstanceKey = null, CancellationToken cancellation = default)
    {
        var matches = InstanceMetadata.Filter(null, null, runtimeStatus, null);
        var ids = await engine.ListAsync(
            instance => matches(instance) && instance.IsFinished
                && (completedTimeFrom is null || instance.UpdatedAt >= completedTimeFrom.Value.UtcDateTime) && (completedTimeTo is null || instance.UpdatedAt <= completedTimeTo.Value.UtcDateTime),
            lastInstanceKey, pageSize, instance => instance.Id);
        return new Page<string>(ids, ids.Count == pageSize ? ids[^1] : null);
    }

    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return engine.SendAsync(instanceId, HistoryKind.ExecutionTerminated, options?.Recursive == true ? "recursive" : null, data.Serialize(options?.Output));
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        engine.SendAsync(instanceId, HistoryKind.ExecutionSuspended, reason, null);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        engine.SendAsync(instanceId, HistoryKind.ExecutionResumed, reason, null);

    public override async Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        new(await engine.PurgeAsync(instanceId, options?.Recursive ?? false));

    public override async Task<PurgeResult> PurgeAllInstancesAsync(PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var matches = InstanceMetadata.Filter(filter.CreatedFrom, filter.CreatedTo, filter.Statuses, null);
        var started = time.GetTimestamp();
        var count = 0;
        foreach (var id in await engine.ListAsync(instance => instance.IsFinished && matches(instance), null, int.MaxValue, instance => instance.Id))
        {
            cancellation.ThrowIfCancellationRequested();
            if (filter.Timeout is { } limit && time.GetElapsedTime(started) > limit) return new PurgeResult(count, false);
            count += await engine.PurgeAsync(id, options?.Recursive ?? false);
        }
        return new PurgeResult(count, true);
    }

    public override async Task<string> RestartAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        var old = await engine.ReadAsync(instanceId, instance => new { instance.Name, instance.Input, instance.Tags, instance.Version, instance.IsFinished })
            ?? throw new ArgumentException($"There is no orchestration '{instanceId}'.", nameof(instanceId));
        if (!restartWithNewInstanceId && !old.IsFinished)
            throw new InvalidOperationException($"Orchestration '{instanceId}' is not finished; terminate it first, or restart it under a new id.");
        return await engine.ScheduleAsync(new TaskName(old.Name), old.Input,
            new StartOrchestrationOptions(restartWithNewInstanceId ? null : instanceId) { Tags = old.Tags, Version = old.Version });
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
