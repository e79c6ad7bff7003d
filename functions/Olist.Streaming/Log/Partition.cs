using System.Diagnostics.CodeAnalysis;

namespace Olist.Streaming.Log;

/// <summary>One partition: its segments, and the only place where batches are appended. Safe to use from many threads.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source of cancellation whose wait handle is never asked for holds nothing to dispose of.")]
sealed partial class Partition
{
    readonly Lock _gate = new();
    readonly string _folder;
    readonly LocalLogOptions _options;
    readonly bool _compacted;
    readonly List<Segment> _segments;
    readonly Dictionary<ulong, long> _sequences;
    readonly GroupSync? _sync;
    ReaderSignal[] _signals = [];
    long _visibleOffset;
    int _visiblePosition;
    string? _broken;
    bool _isClosed;

    Partition(string topic, int index, string folder, bool compacted, LocalLogOptions options, TimeProvider time, List<Segment> segments, Dictionary<ulong, long> sequences)
    {
        Topic = topic;
        Index = index;
        _folder = folder;
        _compacted = compacted;
        _options = options;
        _time = time;
        _segments = segments;
        _sequences = sequences;
        _sync = options.Durability == Durability.Disk ? new GroupSync(Sync) : null;
        Publish(Active.EndOffset, Active.Length);
    }

    public string Topic { get; }

    public int Index { get; }

    Segment Active => _segments[^1];

    int SegmentBytes => _compacted ? Math.Min(_options.CompactedSegmentBytes, _options.SegmentBytes) : _options.SegmentBytes;

    /// <summary>First kept offset and the one after the last that readers may see.</summary>
    public (long Earliest, long Latest) Watermarks
    {
        get
        {
            lock (_gate) return (_segments[0].BaseOffset, _visibleOffset);
        }
    }

    public long VisibleOffset => Volatile.Read(ref _visibleOffset);

    public long GetLastSequence(ulong producer)
    {
        lock (_gate) return _sequences.GetValueOrDefault(producer, -1);
    }

    /// <summary>Writes a batch with one call and, unless it has to be synced first, shows it to readers.</summary>
    /// <exception cref="StreamingException">The file could not be written, or somebody else writes under the producer's name; the buffer is as before.</exception>
    public void Append(BatchBuffer buffer, ulong producer)
    {
        var header = buffer.Seal(producer);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_broken is not null) throw new StreamingException(_broken);
            if (header.LastSequence >= 0 && _sequences.GetValueOrDefault(producer, -1) is var last && last >= buffer.FirstSequence)
                throw new StreamingException($"{Topic}[{Index}] already has sequence {last} of this producer, but a batch begins with {buffer.FirstSequence}: another producer writes under the same name.");
            if (Active.EndOffset > Active.BaseOffset && (Active.Length + (long)header.TotalBytes > SegmentBytes || IsOverdue(Active))) RollAndCompact();
            header = header with { BaseOffset = Active.EndOffset };
            var position = Active.Length;
            Write(buffer.WithHeader(header), position);
            Active.Add(header, position);
            if (header.LastSequence >= 0) _sequences[producer] = header.LastSequence;
            if (_sync is null) Publish(Active.EndOffset, Active.Length);
        }
        Wake();
    }

    /// <summary>Returns when all that was appended so far is on disk.</summary>
    public ValueTask SyncAsync() => _sync is null ? ValueTask.CompletedTask : _sync.WaitAsync();

    void Sync()
    {
        Segment active;
        (long Offset, int Position) end;
        lock (_gate) (active, end) = (Active, (Active.EndOffset, Active.Length));
        RandomAccess.FlushToDisk(active.Handle);
        lock (_gate)
        {
            // A roll in between has synced and published what it closed.
            if (ReferenceEquals(active, Active)) Publish(end.Offset, end.Position);
        }
        Wake();
    }

    /// <summary>Readers see what is before this point: an offset, and its position in the active segment.</summary>
    void Publish(long offset, int position)
    {
        _visiblePosition = position;
        Volatile.Write(ref _visibleOffset, offset);
    }

    void Write(ReadOnlySpan<byte> bytes, int position)
    {
        try
        {
            RandomAccess.Write(Active.Handle, bytes, position);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TakeBack(position);
            throw new StreamingException($"{Active.Path}, byte {position}: {bytes.Length} bytes could not be written: {exception.Message}", exception);
        }
    }

    /// <summary>A half-written batch would lie before the next one; without it gone, nothing more is written.</summary>
    void TakeBack(int position)
    {
        try
        {
            RandomAccess.SetLength(Active.Handle, position);
        }
        catch (IOException)
        {
            _broken = $"{Active.Path}: a write failed at byte {position} and could not be taken back. Make room on the disk and start again.";
        }
    }

    public void AddSignal(ReaderSignal signal)
    {
        lock (_gate) _signals = [.. _signals, signal];
    }

    public void RemoveSignal(ReaderSignal signal)
    {
        lock (_gate) _signals = _signals.Where(other => other != signal).ToArray();
    }

    void Wake()
    {
        foreach (var signal in Volatile.Read(ref _signals)) signal.Set();
    }

    /// <summary>Closes the files: whoever still reads or writes gets <see cref="ObjectDisposedException"/>.</summary>
    public void Close()
    {
        _ending.Cancel();
        // A compaction ends at its next look, and leaves nothing that the next owner of the folder would trip over.
        lock (_compacting)
        lock (_gate)
        {
            _isClosed = true;
            foreach (var segment in _segments) segment.Handle.Dispose();
        }
        Wake();
    }
}
