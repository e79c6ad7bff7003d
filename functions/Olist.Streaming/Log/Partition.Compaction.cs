using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Olist.Formats.Checksums;

namespace Olist.Streaming.Log;

/// <content>Keeping only the latest record of each key.</content>
sealed partial class Partition
{
    /// <summary>Closed segments that are read at a time, to become one.</summary>
    const long MergedBytes = 64 << 20;

    readonly Lock _compacting = new();
    readonly CancellationTokenSource _ending = new();
    long _bytesLeft;
    bool _isScheduled;

    /// <summary>Compacts in the background when as much was closed since the last time as was left by it: what is written anew stays in proportion to what is written, and the topic below twice what it must keep.</summary>
    void RollAndCompact()
    {
        Roll();
        if (!_compacted || _isScheduled || !HasGrown()) return;
        _isScheduled = true;
        _ = Task.Run(CompactQuietly);
    }

    bool HasGrown() => BytesBefore(Active.BaseOffset) is var closed && closed > _bytesLeft && closed >= 2 * _bytesLeft;

    long BytesBefore(long offset) => _segments.TakeWhile(segment => segment.BaseOffset < offset).Sum(segment => RandomAccess.GetLength(segment.Handle));

    void CompactQuietly()
    {
        var again = true;
        try
        {
            // What is closed meanwhile may be enough for another time, and the last that comes for long.
            while (again)
            {
                Compact(closesActive: false, _ending.Token);
                lock (_gate) again = _isScheduled = !_isClosed && HasGrown();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The log is being closed; what is not compacted is compacted another time.
        }
        catch (Exception exception) when (exception is StreamingException or IOException or UnauthorizedAccessException)
        {
            _options.Warn($"{Topic}[{Index}] could not be compacted and keeps growing until it can: {exception.Message}");
        }
        finally
        {
            // Unless another one has been started since.
            if (again)
                lock (_gate) _isScheduled = false;
        }
    }

    /// <summary>Writes the closed segments anew, oldest first, those that are small by now together: a crash in between leaves some of them compacted, which is no harm.</summary>
    /// <param name="closesActive">Whether what is not closed yet is compacted too.</param>
    public void Compact(bool closesActive, CancellationToken cancellationToken)
    {
        lock (_compacting)
        {
            Segment[] closed;
            long end;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                if (closesActive && Active.EndOffset > Active.BaseOffset) Roll();
                closed = [.. _segments.SkipLast(1)];
                end = Active.BaseOffset;
            }
            if (closed.Length == 0) return;
            var latest = FindLatest(closed[0].BaseOffset, end, cancellationToken);
            var group = new List<(Segment Segment, Survivors Left)>();
            foreach (var segment in closed)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var left = FindSurvivors(segment, latest);
                if (group.Count > 0 && (group.Sum(one => one.Left.Bytes) + left.Bytes > _options.SegmentBytes || group.Sum(one => one.Left.SourceBytes) + left.SourceBytes > MergedBytes)) WriteAnew(group);
                group.Add((segment, left));
            }
            WriteAnew(group);
            // Not what was closed meanwhile: that is for the next time.
            lock (_gate) _bytesLeft = BytesBefore(end);
            Wake();
        }
    }

    Dictionary<ReadOnlyMemory<byte>, long> FindLatest(long from, long end, CancellationToken cancellationToken)
    {
        var latest = new Dictionary<ReadOnlyMemory<byte>, long>(KeyComparer.Instance);
        var reader = new PartitionReader(this, from);
        var records = new ConsumedRecord[1024];
        for (var count = reader.Fill(records); count > 0; count = reader.Fill(records))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (ref readonly var record in records.AsSpan(0, count))
            {
                if (record.Offset >= end) return latest;
                ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(latest, record.Key);
                if (!Unsafe.IsNullRef(ref known)) known = record.Offset;
                // A new key is copied: the record is a view that would keep a whole run of batches in memory.
                else latest.Add(record.Key.ToArray(), record.Offset);
            }
        }
        return latest;
    }

    /// <summary>Records of a segment that stay, as views of its bytes.</summary>
    sealed record Survivors(List<ConsumedRecord> Records, int Removed, long Bytes, long SourceBytes);

    Survivors FindSurvivors(Segment segment, Dictionary<ReadOnlyMemory<byte>, long> latest)
    {
        var kept = new List<ConsumedRecord>();
        var (removed, keptBytes) = (0, 0L);
        var expiredMs = (_time.GetUtcNow() - _options.TombstoneRetention).ToUnixTimeMilliseconds();
        var bytes = new byte[segment.Length];
        for (var read = 0; read < bytes.Length;)
        {
            var more = RandomAccess.Read(segment.Handle, bytes.AsSpan(read), read);
            if (more == 0) throw new CorruptLogException($"{segment.Path}, byte {read}: the file ends, {bytes.Length - read} more bytes were written.");
            read += more;
        }
        for (var position = 0; position < bytes.Length;)
        {
            if (!BatchHeader.TryRead(bytes.AsSpan(position), out var header, out var problem) || !header.Covers(bytes.AsSpan(position + BatchHeader.Bytes, header.BodyBytes), out problem))
                throw new CorruptLogException($"{segment.Path}, byte {position}: {problem}.");
            var records = new RecordCursor(header, bytes.AsMemory(position + BatchHeader.Bytes, header.BodyBytes));
            while (records.Remaining > 0)
            {
                if (!records.TryRead(Topic, Index, out var record)) throw new CorruptLogException($"{segment.Path}, byte {position}: a record of the batch is malformed.");
                if (latest[record.Key] == record.Offset && !(record.IsTombstone && record.TimestampMs < expiredMs))
                {
                    kept.Add(record);
                    keptBytes += MeasureOf(record);
                }
                else removed++;
            }
            position += header.TotalBytes;
        }
        return new Survivors(kept, removed, keptBytes, bytes.Length);
    }

    static int MeasureOf(in ConsumedRecord record) => BatchBuffer.Measure(record.Key.Length, record.Value.Length, record.Headers);

    /// <summary>Makes one segment of a group of neighbours, and forgets the group; a single one of which everything stays is left alone.</summary>
    void WriteAnew(List<(Segment Segment, Survivors Left)> group)
    {
        if (group.Count > 1 || group.Any(one => one.Left.Removed > 0)) Replace([.. group.Select(one => one.Segment)], group.Count == 1 ? group[0].Left.Records : [.. group.SelectMany(one => one.Left.Records)]);
        group.Clear();
    }

    void Replace(Segment[] old, List<ConsumedRecord> kept)
    {
        var path = old[0].Path + NewExtension;
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write)) WriteSparse(file, kept);
        lock (_gate)
        {
            var index = _segments.IndexOf(old[0]);
            // From here on the new file holds all that is left of the group: the others are removed now, or when they are found at the next start.
            File.Move(path, old[0].Path, overwrite: true);
            if (_sync is not null) DirectorySync.Flush(_folder);
            foreach (var segment in old) segment.IsReplaced = true;
            _segments[index] = Segment.Open(old[0].Path, old[0].BaseOffset);
            _segments.RemoveRange(index + 1, old.Length - 1);
            foreach (var segment in old.Skip(1)) File.Delete(segment.Path);
        }
    }

    /// <summary>Removes closed segments whose records are in the one before them: a compaction that put them together was cut off before it removed them.</summary>
    /// <remarks>One that begins behind the last record that was left is not noticed, and holds only records that have later ones: the next compaction takes it in.</remarks>
    static void DropMerged(List<Segment> segments)
    {
        for (var i = 0; i + 2 < segments.Count;)
        {
            var scan = new SegmentScan(segments[i].Handle, segments[i].BaseOffset, allowGaps: true, verifyBodies: false);
            var end = segments[i].BaseOffset;
            while (scan.TryNext(out var header, out _)) end = header.NextOffset;
            if (scan.Problem is null && end > segments[i + 1].BaseOffset)
            {
                File.Delete(segments[i + 1].Path);
                segments[i + 1].Handle.Dispose();
                segments.RemoveAt(i + 1);
            }
            else i++;
        }
    }

    void WriteSparse(Microsoft.Win32.SafeHandles.SafeFileHandle file, List<ConsumedRecord> kept)
    {
        var buffer = new BatchBuffer(this, _options.BatchBytes);
        long position = 0;
        for (var start = 0; start < kept.Count;)
        {
            var end = start;
            for (var bytes = 0; end < kept.Count && kept[end].Offset - kept[start].Offset < int.MaxValue; end++)
            {
                bytes += MeasureOf(kept[end]);
                if (bytes > _options.BatchBytes && end > start) break;
            }
            var delta = (int)(kept[end - 1].Offset - kept[start].Offset);
            var isSparse = delta != end - start - 1;
            for (var i = start; i < end; i++)
                buffer.Append(kept[i].Key.Span, kept[i].Value.Span, kept[i].TimestampMs, -1, kept[i].Headers, kept[i].IsTombstone,
                    MeasureOf(kept[i]), isSparse ? kept[i].Offset - kept[start].Offset : -1);
            var header = buffer.Seal(0) with { BaseOffset = kept[start].Offset, LastOffsetDelta = delta };
            RandomAccess.Write(file, buffer.WithHeader(header), position);
            position += header.TotalBytes;
            buffer.Clear();
            start = end;
        }
        if (_sync is not null) RandomAccess.FlushToDisk(file);
        buffer.Release();
    }

    sealed class KeyComparer : IEqualityComparer<ReadOnlyMemory<byte>>
    {
        public static KeyComparer Instance { get; } = new();

        public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<byte> obj) => XxHash64.Compute(obj.Span).GetHashCode();
    }
}
