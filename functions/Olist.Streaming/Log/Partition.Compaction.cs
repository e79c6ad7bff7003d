using Olist.Formats.Checksums;

namespace Olist.Streaming.Log;

/// <content>Keeping only the latest record of each key.</content>
sealed partial class Partition
{
    readonly Lock _compacting = new();

    /// <summary>Rewrites the closed segments one by one, oldest first: a crash in between leaves some of them compacted, which is no harm.</summary>
    public void Compact(CancellationToken cancellationToken)
    {
        lock (_compacting)
        {
            Segment[] closed;
            long end;
            lock (_gate)
            {
                if (Active.EndOffset > Active.BaseOffset) Roll();
                closed = [.. _segments.SkipLast(1)];
                end = Active.BaseOffset;
            }
            if (closed.Length == 0) return;
            var latest = FindLatest(closed[0].BaseOffset, end, cancellationToken);
            foreach (var segment in closed)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Rewrite(segment, latest);
            }
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
                // A new key is copied: the record is a view that would keep a whole run of batches in memory.
                if (latest.ContainsKey(record.Key)) latest[record.Key] = record.Offset;
                else latest.Add(record.Key.ToArray(), record.Offset);
            }
        }
        return latest;
    }

    void Rewrite(Segment segment, Dictionary<ReadOnlyMemory<byte>, long> latest)
    {
        var kept = new List<ConsumedRecord>();
        var removed = 0;
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
                if (latest[record.Key] == record.Offset && !(record.IsTombstone && record.TimestampMs < expiredMs)) kept.Add(record);
                else removed++;
            }
            position += header.TotalBytes;
        }
        if (removed > 0) Replace(segment, kept);
    }

    void Replace(Segment old, List<ConsumedRecord> kept)
    {
        var path = old.Path + NewExtension;
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write)) WriteSparse(file, kept);
        lock (_gate)
        {
            var index = _segments.IndexOf(old);
            if (index < 0)
            {
                File.Delete(path);   // retention was faster
                return;
            }
            File.Move(path, old.Path, overwrite: true);
            if (_sync is not null) DirectorySync.Flush(_folder);
            old.IsReplaced = true;
            _segments[index] = Segment.Open(old.Path, old.BaseOffset);
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
                bytes += BatchBuffer.Measure(kept[end].Key.Length, kept[end].Value.Length, kept[end].Headers);
                if (bytes > _options.BatchBytes && end > start) break;
            }
            var delta = (int)(kept[end - 1].Offset - kept[start].Offset);
            var isSparse = delta != end - start - 1;
            for (var i = start; i < end; i++)
                buffer.Append(kept[i].Key.Span, kept[i].Value.Span, kept[i].TimestampMs, -1, kept[i].Headers, kept[i].IsTombstone,
                    BatchBuffer.Measure(kept[i].Key.Length, kept[i].Value.Length, kept[i].Headers), isSparse ? kept[i].Offset - kept[start].Offset : -1);
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
