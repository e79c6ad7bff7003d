namespace Olist.Streaming.Log;

/// <content>Removing old segments.</content>
sealed partial class Partition
{
    /// <summary>Segments that the records of one retention age fill at least.</summary>
    const int AgesOfSegments = 4;

    readonly TimeProvider _time;

    /// <summary>The lowest offset that a group has committed, set by whoever knows the groups; without groups the end.</summary>
    public Func<long> LowestCommitted { get; set; } = () => long.MaxValue;

    /// <summary>Removes the oldest closed segments as far as the options say; the active one always stays.</summary>
    public void ApplyRetention()
    {
        lock (_gate)
        {
            if (_compacted || !_options.IsRetained(Topic)) return;
            while (_segments.Count > 1 && IsExpired(_segments[0]))
            {
                var removed = _segments[0];
                // The file first: if that fails the segment is still there, whole.
                try
                {
                    File.Delete(removed.Path);
                }
                catch (IOException exception)
                {
                    throw new StreamingException($"{removed.Path} is past its retention and could not be removed: {exception.Message}", exception);
                }
                removed.IsReplaced = true;
                _segments.RemoveAt(0);
            }
        }
    }

    /// <summary>Only closed segments are removed, so one is closed by age too: what little traffic fills would otherwise stay for ever.</summary>
    bool IsOverdue(Segment active) => !_compacted && _options.RetentionAge is { } age && _options.IsRetained(Topic)
        && active.FirstTimestampMs < (_time.GetUtcNow() - (age / AgesOfSegments)).ToUnixTimeMilliseconds();

    bool IsExpired(Segment segment)
    {
        if (_options.RetentionBytes is { } most && _segments.Skip(1).Sum(one => RandomAccess.GetLength(one.Handle)) >= most) return true;
        if (_options.RetentionAge is not { } age) return false;
        segment.Load(_segments[1].BaseOffset, _compacted);
        var now = _time.GetUtcNow();
        if (segment.MaxTimestampMs >= (now - age).ToUnixTimeMilliseconds()) return false;
        return LowestCommitted() >= _segments[1].BaseOffset || segment.MaxTimestampMs < (now - age - age).ToUnixTimeMilliseconds();
    }
}
