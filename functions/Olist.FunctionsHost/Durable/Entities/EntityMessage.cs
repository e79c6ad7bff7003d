namespace Olist.FunctionsHost.Durable.Entities;

/// <summary>What an entity is asked for. The numbers are on disk: never change one, only add.</summary>
enum EntityMessageKind : byte
{
    Signal = 1,
    Call = 2,
    Lock = 3,
    Unlock = 4,
}

/// <summary>The orchestration that called or locks, and its call.</summary>
sealed record EntityCaller(string InstanceId, int Generation, int TaskId);

/// <summary>Something that waits for an entity; immutable.</summary>
/// <param name="Id">Rises through the log.</param>
/// <param name="Input">JSON as UTF-8; null is no input.</param>
/// <param name="DueTicks">UTC ticks before which it waits, or 0.</param>
/// <param name="Caller">Null for signals.</param>
/// <param name="LockSet">Of a lock: all entities to be locked, in order.</param>
/// <param name="LockIndex">Of a lock: which of them this is.</param>
sealed record EntityMessage(
    long Id, EntityMessageKind Kind, string Operation, byte[]? Input, long DueTicks = 0, EntityCaller? Caller = null, IReadOnlyList<string>? LockSet = null, int LockIndex = 0)
{
    /// <summary>Approximate bytes in memory and on disk.</summary>
    public int Weight => 64 + Operation.Length + (Input?.Length ?? 0);
}
