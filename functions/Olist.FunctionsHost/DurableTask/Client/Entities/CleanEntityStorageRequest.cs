namespace Olist.FunctionsHost.DurableTask.Client.Entities;

/// <summary>What to clean up.</summary>
public readonly record struct CleanEntityStorageRequest
{
    public static CleanEntityStorageRequest Default { get; } = new() { RemoveEmptyEntities = true, ReleaseOrphanedLocks = true };

    public bool RemoveEmptyEntities { get; init; }
    public bool ReleaseOrphanedLocks { get; init; }
    public string? ContinuationToken { get; init; }
}
