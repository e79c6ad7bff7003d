namespace Olist.FunctionsHost.DurableTask.Client.Entities;

/// <summary>What was cleaned up.</summary>
public readonly record struct CleanEntityStorageResult
{
    public string? ContinuationToken { get; init; }
    public int EmptyEntitiesRemoved { get; init; }
    public int OrphanedLocksReleased { get; init; }
}
