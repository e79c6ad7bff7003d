namespace Olist.Streaming.Log;

/// <summary>Reads one partition from an offset on. Not for several threads.</summary>
sealed class PartitionReader(Partition partition, long offset)
{
    BatchRun? _run;
    byte[] _bytes = [];
    int _position;
    RecordCursor _records;

    public Partition Partition { get; } = partition;

    /// <summary>The next offset to be read.</summary>
    public long NextOffset { get; private set; } = offset;

    public bool HasMore => NextOffset < Partition.VisibleOffset;

    /// <summary>Fills the span with the next records.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="CorruptLogException">The bytes are not those that were written; the message names file and byte.</exception>
    public int Fill(Span<ConsumedRecord> records)
    {
        var filled = 0;
        var topic = Partition.Topic;
        var index = Partition.Index;
        while (filled < records.Length)
        {
            if (_records.Remaining == 0)
            {
                if (!TryNextBatch()) break;
                continue;
            }
            ref var record = ref records[filled];
            if (!_records.TryRead(topic, index, out record)) throw Corrupt($"a record of the batch at offset {_records.Header.BaseOffset} is malformed");
            if (record.Offset < NextOffset) continue;
            NextOffset = record.Offset + 1;
            filled++;
        }
        return filled;
    }

    bool TryNextBatch()
    {
        while (true)
        {
            if (_position == _bytes.Length && !TryNextRun()) return false;
            var head = _bytes.AsSpan(_position);
            if (head.Length < BatchHeader.Bytes) throw Corrupt("the batches end inside the head of one");
            if (!BatchHeader.TryRead(head, out var header, out var problem)) throw Corrupt(problem);
            if (header.TotalBytes > head.Length) throw Corrupt($"the batch at offset {header.BaseOffset} is longer than its place");
            if (!header.Covers(head.Slice(BatchHeader.Bytes, header.BodyBytes), out problem)) throw Corrupt(problem);
            var body = _bytes.AsMemory(_position + BatchHeader.Bytes, header.BodyBytes);
            _position += header.TotalBytes;
            if (header.Count == 0 || header.NextOffset <= NextOffset) continue;
            _records = new RecordCursor(header, body);
            return true;
        }
    }

    bool TryNextRun()
    {
        var offset = NextOffset;
        var found = Partition.TryFindRun(_run, ref offset, out var run);
        NextOffset = offset;
        if (!found) return false;
        var bytes = GC.AllocateUninitializedArray<byte>(run.EndExcl - run.Position);
        for (var read = 0; read < bytes.Length;)
        {
            var more = RandomAccess.Read(run.Segment.Handle, bytes.AsSpan(read), run.Position + read);
            if (more == 0) throw new CorruptLogException($"{run.Segment.Path}, byte {run.Position + read}: the file ends, {bytes.Length - read} more bytes were written.");
            read += more;
        }
        (_run, _bytes, _position) = (run, bytes, 0);
        return true;
    }

    CorruptLogException Corrupt(string problem) => new($"{_run?.Segment.Path}, byte {_run?.Position + _position}: {problem}. Restore the file, or move the state folder away and replay.");
}
