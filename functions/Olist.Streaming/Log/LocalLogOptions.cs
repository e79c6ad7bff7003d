namespace Olist.Streaming.Log;

/// <summary>How a local log writes and keeps.</summary>
public sealed record LocalLogOptions
{
    public static LocalLogOptions Default { get; } = new();

    /// <summary>Default <see cref="Durability.Os"/>.</summary>
    public Durability Durability { get; init; } = Durability.Os;

    /// <summary>Size at which a segment is closed and the next begun. Default 64 MiB.</summary>
    public int SegmentBytes { get; init; } = 64 << 20;

    /// <summary>The same for compacted topics, of which closed segments are compacted by themselves. Default 4 MiB.</summary>
    public int CompactedSegmentBytes { get; init; } = 4 << 20;

    /// <summary>Size at which a producer writes what it buffered for a partition, without waiting for a flush. Default 64 KiB: below the size at which buffers would live on the large object heap.</summary>
    public int BatchBytes { get; init; } = 64 << 10;

    /// <summary>Largest record with key and headers. Default 16 MiB.</summary>
    public int MaxRecordBytes { get; init; } = 16 << 20;

    /// <summary>Bytes of a partition beyond which its oldest closed segments are removed. Default: none are.</summary>
    public long? RetentionBytes { get; init; }

    /// <summary>Age of its youngest record at which a closed segment is removed, once every group that has ever committed for the partition has read it; a group that has not keeps it for as long again. A segment is closed at a quarter of it. Default: none are.</summary>
    public TimeSpan? RetentionAge { get; init; }

    /// <summary>Topics that <see cref="RetentionBytes"/> and <see cref="RetentionAge"/> are for. Default: all that are not compacted.</summary>
    public Func<string, bool> IsRetained { get; init; } = _ => true;

    /// <summary>Told of a compaction that failed in the background; the next closed segment tries again. Default: standard error.</summary>
    public Action<string> Warn { get; init; } = Console.Error.WriteLine;

    /// <summary>How long compaction keeps the tombstone of a key, so that every reader sees it. Default one day.</summary>
    public TimeSpan TombstoneRetention { get; init; } = TimeSpan.FromDays(1);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchBytes, 128);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchBytes, 16 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(SegmentBytes, BatchBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(CompactedSegmentBytes, BatchBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SegmentBytes, 1 << 30);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRecordBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxRecordBytes, 512 << 20);
    }
}
