namespace Olist.Streaming.Log;

/// <summary>Where batches begin in a segment: one entry every few kilobytes, in memory. Guarded by the partition's lock.</summary>
sealed class SegmentIndex
{
    const int IntervalBytes = 4096;

    long[] _offsets = new long[8];
    int[] _positions = new int[8];
    int _count;

    /// <summary>Tells of a batch; batches come in order.</summary>
    public void Add(long baseOffset, int position)
    {
        if (_count > 0 && position - _positions[_count - 1] < IntervalBytes) return;
        if (_count == _offsets.Length)
        {
            Array.Resize(ref _offsets, _count * 2);
            Array.Resize(ref _positions, _count * 2);
        }
        _offsets[_count] = baseOffset;
        _positions[_count++] = position;
    }

    /// <summary>The last known batch that does not begin after the offset.</summary>
    public int FindPosition(long offset)
    {
        var found = Array.BinarySearch(_offsets, 0, _count, offset);
        if (found >= 0)
        {
            // Markers and the batch behind them begin at the same offset: take the first of them.
            while (found > 0 && _offsets[found - 1] == offset) found--;
            return _positions[found];
        }
        var before = ~found - 1;
        return before < 0 ? 0 : _positions[before];
    }

    /// <summary>The end of a run of whole batches that begins at a batch and has about the given size, at least one batch.</summary>
    /// <param name="position">Where a batch begins.</param>
    /// <param name="bytes">Wanted size.</param>
    /// <param name="limitExcl">Where the readable batches end.</param>
    public int FindRunEnd(int position, int bytes, int limitExcl)
    {
        if (limitExcl - position <= bytes) return limitExcl;
        var at = Array.BinarySearch(_positions, 0, _count, position + bytes);
        if (at < 0) at = ~at - 1;
        if (at >= 0 && _positions[at] > position) return _positions[at];
        return at + 1 < _count ? Math.Min(_positions[at + 1], limitExcl) : limitExcl;
    }
}
