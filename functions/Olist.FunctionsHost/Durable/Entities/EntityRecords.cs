using Olist.FunctionsHost.Durable.Instances;

namespace Olist.FunctionsHost.Durable.Entities;

/// <summary>A message for an entity; makes the entity if there is none.</summary>
sealed record EntityMessageRecord(string EntityId, EntityMessage Message) : DurableRecord;

/// <summary>All of one batch of operations: what it consumed, the state after it, what it sends. One frame, so it happened or it did not.</summary>
/// <param name="Sequence">From the same numbers as message ids; rises through the log.</param>
/// <param name="ChangesState">Whether <paramref name="State"/> is the new state (null: deleted) or left out.</param>
/// <param name="LockedBy">After the batch.</param>
sealed record EntityBatchRecord(
    string EntityId, long Sequence, DateTime At, IReadOnlyList<long> Consumed, bool ChangesState, byte[]? State, EntityCaller? LockedBy,
    IReadOnlyList<CreateRecord> Starts, IReadOnlyList<MessageRecord> Answers, IReadOnlyList<EntityMessageRecord> Sent) : DurableRecord;

/// <summary>An empty entity is gone.</summary>
sealed record EntityRemovedRecord(string EntityId, long Sequence) : DurableRecord;
