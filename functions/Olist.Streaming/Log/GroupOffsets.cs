using System.Text;

namespace Olist.Streaming.Log;

/// <summary>Committed offsets of all groups, in memory and in a journal: one entry per commit. Safe to use from many threads.</summary>
sealed class GroupOffsets : IDisposable
{
    /// <summary>The journal is written anew when it is larger than this and mostly of overwritten offsets.</summary>
    const int RewriteBytes = 1 << 20;

    readonly Lock _gate = new();
    readonly Dictionary<string, Dictionary<TopicPartition, long>> _groups = new(StringComparer.Ordinal);
    readonly GroupSync? _sync;
    readonly Journal _journal;
    long _rewriteAt = RewriteBytes;

    public GroupOffsets(string path, Durability durability, List<RecoveredTail> recovered)
    {
        _journal = Journal.Open(path, durability == Durability.Disk, entry => Replay(entry, path), recovered);
        if (durability == Durability.Disk) _sync = new GroupSync(Sync);
    }

    public string Path => _journal.Path;

    public long? Find(string group, TopicPartition partition)
    {
        lock (_gate) return _groups.TryGetValue(group, out var offsets) && offsets.TryGetValue(partition, out var offset) ? offset : null;
    }

    /// <summary>The lowest offset that any group has committed for a partition; the highest there is when none has.</summary>
    public long Lowest(TopicPartition partition)
    {
        var lowest = long.MaxValue;
        lock (_gate)
            foreach (var offsets in _groups.Values)
                if (offsets.TryGetValue(partition, out var offset)) lowest = Math.Min(lowest, offset);
        return lowest;
    }

    public IReadOnlyList<string> ListGroups()
    {
        lock (_gate) return [.. _groups.Keys.Order(StringComparer.Ordinal)];
    }

    public Dictionary<TopicPartition, long> ListOffsets(string group)
    {
        lock (_gate) return _groups.TryGetValue(group, out var offsets) ? new(offsets) : [];
    }

    /// <summary>Stores offsets together; they count when the returned task completes.</summary>
    public ValueTask CommitAsync(string group, IReadOnlyList<KeyValuePair<TopicPartition, long>> offsets)
    {
        if (offsets.Count == 0) return ValueTask.CompletedTask;
        lock (_gate)
        {
            _journal.Append(Encode([new(group, offsets)]));
            Apply(group, offsets);
            if (_journal.Length > _rewriteAt) Rewrite();
        }
        return _sync?.WaitAsync() ?? ValueTask.CompletedTask;
    }

    void Rewrite()
    {
        _journal.Rewrite(Encode([.. _groups.Select(pair => new KeyValuePair<string, IReadOnlyList<KeyValuePair<TopicPartition, long>>>(pair.Key, [.. pair.Value]))]));
        _rewriteAt = Math.Max(RewriteBytes, 4 * _journal.Length);
    }

    void Sync()
    {
        lock (_gate) RandomAccess.FlushToDisk(_journal.Handle);
    }

    void Apply(string group, IReadOnlyList<KeyValuePair<TopicPartition, long>> offsets)
    {
        if (!_groups.TryGetValue(group, out var known)) _groups.Add(group, known = []);
        foreach (var (partition, offset) in offsets) known[partition] = offset;
    }

    static ReadOnlySpan<byte> Encode(IReadOnlyList<KeyValuePair<string, IReadOnlyList<KeyValuePair<TopicPartition, long>>>> groups)
    {
        var buffer = new MemoryStream(128);
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write7BitEncodedInt(groups.Count);
        foreach (var (group, offsets) in groups)
        {
            writer.Write(group);
            writer.Write7BitEncodedInt(offsets.Count);
            foreach (var (partition, offset) in offsets)
            {
                writer.Write(partition.Topic);
                writer.Write7BitEncodedInt(partition.Partition);
                writer.Write7BitEncodedInt64(offset);
            }
        }
        return buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
    }

    void Replay(ReadOnlyMemory<byte> entry, string path)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(entry.ToArray(), writable: false), Encoding.UTF8);
            for (var groups = reader.Read7BitEncodedInt(); groups > 0; groups--)
            {
                var group = reader.ReadString();
                var offsets = new List<KeyValuePair<TopicPartition, long>>();
                for (var count = reader.Read7BitEncodedInt(); count > 0; count--)
                    offsets.Add(new(new TopicPartition(reader.ReadString(), reader.Read7BitEncodedInt()), reader.Read7BitEncodedInt64()));
                Apply(group, offsets);
            }
        }
        catch (Exception exception) when (exception is EndOfStreamException or FormatException)
        {
            throw new CorruptLogException($"{path}: an entry with a right checksum can't be read; it was written by another version.", exception);
        }
    }

    public void Dispose() => _journal.Dispose();
}
