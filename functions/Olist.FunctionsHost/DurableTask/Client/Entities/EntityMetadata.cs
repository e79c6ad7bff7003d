using Olist.FunctionsHost.DurableTask.Entities;

namespace Olist.FunctionsHost.DurableTask.Client.Entities;

/// <summary>An entity as last stored.</summary>
public class EntityMetadata<TState>
{
    readonly TState? _state;

    public EntityMetadata(EntityInstanceId id) => Id = id;

    public EntityMetadata(EntityInstanceId id, TState? state)
    {
        Id = id;
        _state = state;
        IncludesState = state is not null;
    }

    public EntityInstanceId Id { get; }
    public DateTimeOffset LastModifiedTime { get; init; }
    public int BacklogQueueSize { get; init; }
    public string? LockedBy { get; init; }
    public bool IncludesState { get; }

    /// <exception cref="InvalidOperationException">The state was not asked for.</exception>
    public TState State => IncludesState ? _state! : throw new InvalidOperationException($"Entity {Id} was fetched without its state; pass includeState: true.");
}

/// <summary>An entity as last stored, its state unread.</summary>
public sealed class EntityMetadata(EntityInstanceId id, SerializedData? state = null) : EntityMetadata<SerializedData>(id, state);
