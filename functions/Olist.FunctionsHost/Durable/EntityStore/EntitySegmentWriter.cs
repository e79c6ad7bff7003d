using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Olist.FunctionsHost.Durable.Log;
using Olist.Streaming.Log;

namespace Olist.FunctionsHost.Durable.EntityStore;

/// <summary>Writes a new segment: records are gathered in memory by <see cref="Add"/> (no I/O, so under a lock) and written by <see cref="Flush"/>.</summary>
sealed class EntitySegmentWriter : IDisposable
{
    readonly int _number;
    readonly SafeFileHandle _file;
    readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);
    readonly List<SegmentEntry> _entries = [];
    long _written;

    public EntitySegmentWriter(string path, int number)
    {
        _number = number;
        Path = path;
        _file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        _buffer.Write(EntitySegment.Magic);
    }

    public string Path { get; }

    public int Buffered => _buffer.WrittenCount;

    public int Count => _entries.Count;

    /// <returns>Where the record will be.</returns>
    public long Add(ReadOnlySpan<byte> payload, ulong hash, bool isRemoval, bool collides, long due)
    {
        var location = EntityLocation.Of(_number, _written + _buffer.WrittenCount);
        var span = _buffer.GetSpan(LogFrame.HeaderBytes + payload.Length);
        LogFrame.WriteHeader(span, payload);
        payload.CopyTo(span[LogFrame.HeaderBytes..]);
        _buffer.Advance(LogFrame.HeaderBytes + payload.Length);
        _entries.Add(new SegmentEntry(hash, location, isRemoval, collides, due));
        return location;
    }

    public void Flush()
    {
        RandomAccess.Write(_file, _buffer.WrittenSpan, _written);
        _written += _buffer.WrittenCount;
        _buffer.ResetWrittenCount();
    }

    /// <summary>Writes the index and makes the file durable.</summary>
    public SegmentInfo Finish(bool toDisk)
    {
        Flush();
        var indexAt = _written;
        var lines = new byte[Math.Min(_entries.Count, EntitySegment.MaxEntriesPerFrame) * SegmentEntry.Bytes];
        for (var first = 0; first < _entries.Count; first += EntitySegment.MaxEntriesPerFrame)
        {
            var count = Math.Min(EntitySegment.MaxEntriesPerFrame, _entries.Count - first);
            for (var i = 0; i < count; i++) _entries[first + i].Write(lines.AsSpan(i * SegmentEntry.Bytes));
            var payload = lines.AsSpan(0, count * SegmentEntry.Bytes);
            var span = _buffer.GetSpan(LogFrame.HeaderBytes + payload.Length);
            LogFrame.WriteHeader(span, payload);
            payload.CopyTo(span[LogFrame.HeaderBytes..]);
            _buffer.Advance(LogFrame.HeaderBytes + payload.Length);
            Flush();
        }
        if (toDisk)
        {
            RandomAccess.FlushToDisk(_file);
            DirectorySync.Flush(System.IO.Path.GetDirectoryName(Path)!); // It lies in a folder.
        }
        return new SegmentInfo(_number, _written, indexAt, _entries.Count);
    }

    public void Dispose() => _file.Dispose();
}
