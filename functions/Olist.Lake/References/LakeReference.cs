namespace Olist.Lake;

/// <summary>What a reference is.</summary>
public enum ReferenceKind
{
    /// <summary>Moves with each commit to it.</summary>
    Branch,

    /// <summary>Stays where it was put.</summary>
    Tag,
}

/// <summary>How long expiry leaves a reference and its history alone; null: as the table's properties say.</summary>
public sealed record ReferenceRetention
{
    /// <summary>Of a branch: snapshots that stay whatever their age.</summary>
    public int? MinSnapshotsToKeep { get; init; }

    /// <summary>Of a branch: how old its snapshots may get.</summary>
    public TimeSpan? MaxSnapshotAge { get; init; }

    /// <summary>When the reference itself goes, by the age of its snapshot. Main stays for ever.</summary>
    public TimeSpan? MaxReferenceAge { get; init; }
}

/// <summary>A name for a snapshot, which keeps it from expiring.</summary>
public sealed record LakeReference(string Name, ReferenceKind Kind, long SnapshotId, ReferenceRetention Retention);
