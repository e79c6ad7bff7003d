using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Olist.Streaming.Log;

/// <summary>One file of batches. All members but <see cref="Load"/> are guarded by the partition's lock.</summary>
/// <remarks>The handle is never disposed while the partition lives: a reader may be using a segment that was just replaced, and the finalizer closes it then.</remarks>
sealed class Segment(string path, long baseOffset, SafeFileHandle handle)
{
    public const string Extension = ".log";

    readonly Lock _loading = new();
    volatile bool _isLoaded;

    public string Path { get; } = path;

    /// <summary>Offset of the first record that it may hold; also its name.</summary>
    public long BaseOffset { get; } = baseOffset;

    public SafeFileHandle Handle { get; } = handle;

    public SegmentIndex Index { get; } = new();

    /// <summary>Bytes of whole batches.</summary>
    public int Length { get; set; }

    /// <summary>Offset after its last record.</summary>
    public long EndOffset { get; private set; } = baseOffset;

    public long MaxTimestampMs { get; private set; } = long.MinValue;

    /// <summary>Of the first batch; the highest there is while there is none.</summary>
    public long FirstTimestampMs { get; private set; } = long.MaxValue;

    /// <summary>Whether <see cref="Index"/> is filled; a segment that is only read is walked at its first use.</summary>
    public bool IsLoaded => _isLoaded;

    /// <summary>Whether retention or compaction took it out of the partition.</summary>
    public bool IsReplaced { get; set; }

    public static string NameOf(long baseOffset) => baseOffset.ToString("D20", CultureInfo.InvariantCulture) + Extension;

    public static Segment Open(string path, long baseOffset) =>
        new(path, baseOffset, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));

    /// <summary>Tells of a batch at the end.</summary>
    public void Add(BatchHeader header, int position)
    {
        Index.Add(header.BaseOffset, position);
        Length = position + header.TotalBytes;
        EndOffset = header.NextOffset;
        if (header.Count > 0 && FirstTimestampMs == long.MaxValue) FirstTimestampMs = header.BaseTimestampMs;
        if (header.Count > 0) MaxTimestampMs = Math.Max(MaxTimestampMs, header.MaxTimestampMs);
    }

    public void MarkLoaded() => _isLoaded = true;

    /// <summary>Walks the heads of a closed segment, once; records are checked when they are read.</summary>
    /// <param name="nextBaseOffset">Where the next segment begins.</param>
    /// <param name="allowGaps">Whether compaction may have removed records.</param>
    /// <exception cref="CorruptLogException">The file is not a whole row of batches up to the next segment.</exception>
    public void Load(long nextBaseOffset, bool allowGaps)
    {
        lock (_loading)
        {
            if (_isLoaded) return;
            var scan = new SegmentScan(Handle, BaseOffset, allowGaps, verifyBodies: false);
            while (scan.TryNext(out var header, out var position)) Add(header, position);
            if (scan.Problem is not null) throw new CorruptLogException($"{Path}, byte {scan.Position}: {scan.Problem}.");
            if (EndOffset > nextBaseOffset || (EndOffset < nextBaseOffset && !allowGaps))
                throw new CorruptLogException($"{Path}, byte {scan.Position}: the segment ends at offset {EndOffset}, but the next one begins at {nextBaseOffset}: a file is missing or cut off.");
            MarkLoaded();
        }
    }
}
