using Olist.FunctionsHost.Durable.Entities;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;

namespace Olist.FunctionsHost.Durable.Instances;

/// <summary>What the durable log holds.</summary>
abstract record DurableRecord;

/// <summary>A new instance; replaces a finished one of the same id.</summary>
sealed record CreateRecord(
    string InstanceId, string Name, string Version, string? Input, DateTime CreatedAt, DateTime StartAt, ParentLink? Parent,
    IReadOnlyDictionary<string, string> Tags, long MessageId) : DurableRecord;

/// <summary>A message for an instance; dropped when it is not there or finished.</summary>
sealed record MessageRecord(string InstanceId, InboxMessage Message) : DurableRecord;

/// <summary>All of one step: what it took in, what it did, what it sends. One frame, so it happened or it did not.</summary>
/// <param name="Consumed">Ids of the durable messages that are now history.</param>
/// <param name="RestartsHistory">Continue-as-new: the history begins anew with <paramref name="Events"/> as messages.</param>
sealed record StepRecord(
    string InstanceId, int Generation, DateTime At, IReadOnlyList<long> Consumed, IReadOnlyList<HistoryEvent> Events, bool RestartsHistory, string Version, string? Input,
    OrchestrationRuntimeStatus Status, string? Output, string? CustomStatus, TaskFailureDetails? Failure,
    IReadOnlyList<CreateRecord> Children, IReadOnlyList<MessageRecord> Sent, long FirstMessageId) : DurableRecord
{
    public IReadOnlyList<EntityMessageRecord> EntitySent { get; init; } = [];
}

/// <summary>An instance is gone.</summary>
sealed record PurgeRecord(string InstanceId) : DurableRecord;

/// <summary>All of an instance, written by a checkpoint.</summary>
sealed record SnapshotRecord(Instance Instance) : DurableRecord;
