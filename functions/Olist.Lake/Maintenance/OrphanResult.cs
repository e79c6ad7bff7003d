using Olist.Storage;

namespace Olist.Lake;

/// <summary>Files in a table's folder that nothing refers to.</summary>
public sealed record OrphanResult(TableName Table)
{
    /// <summary>All files that were looked at.</summary>
    public int FilesListed { get; init; }

    /// <summary>Unreferenced, but too young to be sure that no commit in progress will refer to them.</summary>
    public int FilesTooYoung { get; init; }

    /// <summary>Unreferenced and old: removed, or with <see cref="MaintenanceOptions.DryRun"/> found.</summary>
    public IReadOnlyList<ObjectInfo> Orphans { get; init; } = [];

    public long Bytes => Orphans.Sum(orphan => orphan.Length);
}
