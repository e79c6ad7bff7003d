using Olist.FunctionsHost.Durable.Entities;
using Olist.FunctionsHost.Durable.Log;
using Olist.FunctionsHost.DurableTask.Client;

namespace Olist.FunctionsHost.Durable.Instances;

/// <summary>
/// All instances in memory, and the log that they can be made from again. A change is appended and applied under one lock
/// (<see cref="Gate"/>), by the same code that recovery runs; it counts for others when its position is durable.
/// </summary>
sealed class InstanceStore : IDisposable
{
    readonly Dictionary<string, Instance> _instances = new(StringComparer.Ordinal);
    readonly RecordWriter _writer = new();
    long _lastMessageId;

    public InstanceStore(string folder) => Entities = new EntitySet(folder, Gate);

    public Lock Gate { get; } = new();

    /// <summary>Under <see cref="Gate"/>.</summary>
    public EntitySet Entities { get; }

    /// <summary>Set once recovery is done.</summary>
    public DurableLog? Log { get; set; }

    public int Count => _instances.Count;

    /// <summary>Under <see cref="Gate"/>.</summary>
    public IEnumerable<Instance> All => _instances.Values;

    /// <summary>Under <see cref="Gate"/>.</summary>
    public Instance? Find(string id) => _instances.GetValueOrDefault(id);

    /// <summary>Under <see cref="Gate"/>.</summary>
    public long NewMessageId() => ++_lastMessageId;

    /// <summary>The last one given out, or found on disk. Under <see cref="Gate"/>.</summary>
    public long LastMessageId
    {
        get => _lastMessageId;
        set => _lastMessageId = Math.Max(_lastMessageId, value);
    }

    /// <summary>Appends and applies; under <see cref="Gate"/>.</summary>
    /// <returns>The position that must be durable before anybody may act on it.</returns>
    public long Commit(DurableRecord record)
    {
        var log = Log ?? throw new InvalidOperationException("The store has not been opened.");
        _writer.Clear();
        RecordCodec.Write(_writer, record);
        var position = log.Append(_writer.Written);
        Apply(record, position);
        return position;
    }

    /// <summary>What a record means. In recovery, records of instances that are unknown belong to a snapshot that comes later in the log.</summary>
    public void Apply(DurableRecord record, long position)
    {
        switch (record)
        {
            case CreateRecord create:
                ApplyCreate(create, position);
                break;
            case MessageRecord message:
                ApplyMessage(message, position);
                break;
            case StepRecord step:
                ApplyStep(step, position);
                break;
            case EntityMessageRecord message:
                LastMessageId = message.Message.Id;
                Entities.Apply(message, position);
                break;
            case EntityBatchRecord batch:
                ApplyBatch(batch, position);
                break;
            case EntityRemovedRecord removed:
                LastMessageId = removed.Sequence;
                Entities.Apply(removed, position);
                break;
            case PurgeRecord purge:
                if (_instances.Remove(purge.InstanceId, out var purged)) purged.StatusChange?.TrySetResult();
                break;
            case SnapshotRecord snapshot when _instances.GetValueOrDefault(snapshot.Instance.Id) != snapshot.Instance:
                _instances[snapshot.Instance.Id] = snapshot.Instance;
                foreach (var message in snapshot.Instance.Inbox) _lastMessageId = Math.Max(_lastMessageId, message.Id);
                break;
        }
    }

    /// <summary>A finished instance keeps its result, not its way there; a failed one keeps that too, for whoever looks into it.</summary>
    static void Settle(Instance instance)
    {
        instance.Inbox.Clear();
        instance.Inbox.TrimExcess();
        if (instance.Status != OrchestrationRuntimeStatus.Failed) instance.History.RemoveAll(happened => happened.Kind != HistoryKind.SubOrchestrationCreated);
        instance.History.TrimExcess();
    }

    void ApplyCreate(CreateRecord create, long position)
    {
        var instance = new Instance(create.InstanceId, create.Name, create.CreatedAt)
        {
            Version = create.Version,
            Input = create.Input,
            StartAt = create.StartAt,
            Parent = create.Parent,
            Tags = create.Tags,
            Position = position,
            UpdatedAt = create.CreatedAt,
            // What an instance of the same id still had on its way is not for this one.
            Generation = _instances.TryGetValue(create.InstanceId, out var replaced) ? replaced.Generation + 1 : 0,
        };
        instance.Inbox.Add(new InboxMessage(create.MessageId, -1, new HistoryEvent(HistoryKind.ExecutionStarted, create.CreatedAt, -1, create.Name, create.Input, create.Version)));
        _lastMessageId = Math.Max(_lastMessageId, create.MessageId);
        _instances[create.InstanceId] = instance;
        replaced?.StatusChange?.TrySetResult();
    }

    void ApplyMessage(MessageRecord record, long position)
    {
        _lastMessageId = Math.Max(_lastMessageId, record.Message.Id);
        if (!_instances.TryGetValue(record.InstanceId, out var instance) || instance.IsFinished) return;
        instance.Inbox.Add(record.Message);
        instance.Position = position;
    }

    void ApplyStep(StepRecord step, long position)
    {
        _lastMessageId = Math.Max(_lastMessageId, step.FirstMessageId);
        if (_instances.TryGetValue(step.InstanceId, out var instance))
        {
            if (step.Consumed.Count > 0)
            {
                var consumed = step.Consumed.ToHashSet();
                instance.Inbox.RemoveAll(message => message.Id != 0 && consumed.Contains(message.Id));
            }
            if (step.RestartsHistory)
            {
                instance.History = [];
                instance.Input = step.Input;
                var id = step.FirstMessageId;
                instance.Inbox.InsertRange(0, step.Events.Select(happened => new InboxMessage(id--, -1, happened)));
            }
            else instance.History.AddRange(step.Events);
            instance.Generation = step.Generation;
            instance.Version = step.Version;
            instance.Status = step.Status;
            instance.Output = step.Output;
            instance.CustomStatus = step.CustomStatus;
            instance.Failure = step.Failure;
            instance.UpdatedAt = step.At;
            instance.Position = position;
            if (instance.IsFinished) Settle(instance);
        }
        foreach (var child in step.Children) ApplyCreate(child, position);
        foreach (var sent in step.Sent) ApplyMessage(sent, position);
        ApplySent(step.EntitySent, position);
    }

    void ApplyBatch(EntityBatchRecord batch, long position)
    {
        LastMessageId = batch.Sequence;
        Entities.Apply(batch, position);
        foreach (var start in batch.Starts) ApplyCreate(start, position);
        foreach (var answer in batch.Answers) ApplyMessage(answer, position);
        ApplySent(batch.Sent, position);
    }

    void ApplySent(IReadOnlyList<EntityMessageRecord> sent, long position)
    {
        foreach (var message in sent)
        {
            LastMessageId = message.Message.Id;
            Entities.Apply(message, position);
        }
    }

    public void Dispose() => Entities.Dispose();
}
