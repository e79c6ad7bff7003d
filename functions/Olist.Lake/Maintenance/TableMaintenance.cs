namespace Olist.Lake;

/// <summary>What <see cref="LakeMaintenance.RunAsync"/> did to one table. A part that is null was not done; <see cref="Problem"/> says why.</summary>
public sealed record TableMaintenance(TableName Table)
{
    public CompactionResult? Compaction { get; init; }
    public ExpiryResult? Expiry { get; init; }
    public OrphanResult? Orphans { get; init; }

    /// <summary>What kept a part from being done; the other tables were gone on with.</summary>
    public string? Problem { get; init; }
}
