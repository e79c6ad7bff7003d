namespace Olist.Lake;

/// <summary>How a lake is worked with; the tables are the same whatever is chosen here.</summary>
public sealed record LakeOptions
{
    /// <summary>Files or row groups that are read or written at a time. Default: the processors, at most 4.</summary>
    public int Parallelism { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>Memory for decoded manifests, footers, bloom filters and delete files that are kept for the next reader, bytes; what was not used for longest goes first. Default 128 MiB.</summary>
    public long CacheBytes { get; init; } = 128 << 20;

    /// <summary>Memory for what look-ups read: where keys lie (about 10 bytes for each row of the row groups looked into), columns of row groups that are looked into all over or again and again, and what was last written to tables that are looked into. The oldest used goes first. Default 128 MB.</summary>
    public long LookupCacheBytes { get; init; } = 128 << 20;

    /// <summary>For tests: the same seed gives the same snapshot ids, file names and waits. Never share a seed between writers of one table. Default: none.</summary>
    public int? Seed { get; init; }
}
