namespace Olist.Streaming.Log;

/// <summary>Whole batches in a segment that a reader may read now.</summary>
readonly record struct BatchRun(Segment Segment, int Position, int EndExcl);

/// <content>Where a reader goes on.</content>
sealed partial class Partition
{
    /// <summary>The bytes that one read of a consumer takes, if batches allow it; small enough to stay off the large object heap.</summary>
    const int RunBytes = 64 << 10;

    /// <summary>Finds the next batches for a reader.</summary>
    /// <param name="after">What the reader read last, or null to look up the offset.</param>
    /// <param name="offset">The next wanted offset; moves over records that are gone.</param>
    /// <param name="run">Batches, the first of which may begin before the offset.</param>
    /// <returns>False when the reader has seen everything.</returns>
    public bool TryFindRun(BatchRun? after, ref long offset, out BatchRun run)
    {
        run = default;
        while (true)
        {
            Segment unloaded;
            long unloadedEnd;
            lock (_gate)
            {
                if (offset >= _visibleOffset) return false;
                var at = after is { Segment.IsReplaced: false } known ? IndexOf(known.Segment.BaseOffset) : Math.Max(0, IndexOf(offset));
                var position = after is { Segment.IsReplaced: false } read ? read.EndExcl : -1;
                for (; at < _segments.Count && _segments[at].IsLoaded; at++, position = 0)
                {
                    var segment = _segments[at];
                    offset = Math.Max(offset, segment.BaseOffset);
                    if (position < 0) position = segment.Index.FindPosition(offset);
                    var limit = ReferenceEquals(segment, Active) ? _visiblePosition : segment.Length;
                    if (position >= limit) continue;
                    run = new BatchRun(segment, position, segment.Index.FindRunEnd(position, RunBytes, limit));
                    return true;
                }
                if (at == _segments.Count)
                {
                    // Compaction removed what was behind the last record.
                    offset = _visibleOffset;
                    return false;
                }
                unloaded = _segments[at];
                unloadedEnd = _segments[at + 1].BaseOffset;
            }
            unloaded.Load(unloadedEnd, _compacted);
        }
    }

    /// <summary>The segment that an offset belongs to, or -1 when it is before the first.</summary>
    int IndexOf(long offset)
    {
        var low = 0;
        var high = _segments.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_segments[middle].BaseOffset <= offset) low = middle + 1;
            else high = middle - 1;
        }
        return high;
    }
}
