using System.Collections.ObjectModel;
using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Entities;

namespace Olist.FunctionsHost.Durable.Entities;

/// <summary>What operations send; kept or dropped with each of them.</summary>
sealed class BatchContext(string entityId, EntityData data, Func<string, bool> isOrchestrator, Func<string> newInstanceId, Func<DateTime> now) : TaskEntityContext
{
    EntityInstanceId? _id;
    List<PendingSignal>? _signals;
    List<CreateRecord>? _starts;
    int _keptSignals;
    int _keptStarts;

    public IReadOnlyList<PendingSignal> Signals => (IReadOnlyList<PendingSignal>?)_signals ?? [];

    public IReadOnlyList<CreateRecord> Starts => (IReadOnlyList<CreateRecord>?)_starts ?? [];

    public long SentBytes { get; private set; }

    public override EntityInstanceId Id => _id ??= EntityInstanceId.FromString(entityId);

    public override void SignalEntity(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(operationName);
        var target = EntityIds.Check(id);
        var bytes = EntityData.CheckInput(data.Serialize(input), target, operationName);
        Count(target.Length + operationName.Length + (bytes?.Length ?? 0));
        (_signals ??= []).Add(new PendingSignal(target, operationName, bytes, options?.SignalTime));
    }

    public override string ScheduleNewOrchestration(TaskName name, object? input = null, StartOrchestrationOptions? options = null)
    {
        if (!isOrchestrator(name.Name)) throw new ArgumentException($"There is no orchestrator '{name.Name}'.", nameof(name));
        var instanceId = options?.InstanceId ?? newInstanceId();
        InstanceIds.Check(instanceId);
        var at = now();
        var json = data.Converter.Serialize(input);
        Count(instanceId.Length + (json?.Length ?? 0));
        (_starts ??= []).Add(new CreateRecord(instanceId, name.Name, options?.Version is { } version ? version.Version : "", json, at,
            options?.StartAt is { } start && start.UtcDateTime > at ? start.UtcDateTime : at, null, options?.Tags ?? ReadOnlyDictionary<string, string>.Empty, 0));
        return instanceId;
    }

    public void Reset()
    {
        (_keptSignals, _keptStarts) = (0, 0);
        Undo();
    }

    public void Keep() => (_keptSignals, _keptStarts) = (Signals.Count, Starts.Count);

    public void Undo()
    {
        _signals?.RemoveRange(_keptSignals, _signals.Count - _keptSignals);
        _starts?.RemoveRange(_keptStarts, _starts.Count - _keptStarts);
    }

    void Count(long bytes)
    {
        const long Max = 128L << 20;
        SentBytes += 64 + bytes;
        if (SentBytes > Max) throw new InvalidOperationException($"Entity {entityId} sends more than {Max} bytes in one operation; send less, or references.");
    }
}
