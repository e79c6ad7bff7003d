namespace Olist.Streaming.Log;

/// <summary>Reads partitions of the local log, alone or as a member of a group.</summary>
sealed class LocalConsumer : IEventConsumer
{
    readonly LocalEventLog _log;
    readonly ConsumerGroup? _group;
    readonly ReaderSignal _signal = new();
    readonly List<PartitionReader> _readers = [];
    int _generation = -1;
    int _turn;
    bool _disposed;

    LocalConsumer(LocalEventLog log, ConsumerGroup? group, IReadOnlyList<Topic> topics)
    {
        _log = log;
        _group = group;
        Topics = topics;
    }

    public IReadOnlyList<Topic> Topics { get; }

    public static LocalConsumer Subscribe(LocalEventLog log, ConsumerGroup group, IReadOnlyList<Topic> topics)
    {
        var consumer = new LocalConsumer(log, group, topics);
        group.Join(consumer);
        consumer.Refresh();
        return consumer;
    }

    public static LocalConsumer Assign(LocalEventLog log, IReadOnlyList<KeyValuePair<TopicPartition, long>> fromOffsets)
    {
        var consumer = new LocalConsumer(log, null, []);
        foreach (var (partition, offset) in fromOffsets)
        {
            log.CheckOffset(partition, offset);
            consumer.Add(partition, offset);
        }
        return consumer;
    }

    public IReadOnlyList<TopicPartition> Assignment => _readers.Select(reader => new TopicPartition(reader.Partition.Topic, reader.Partition.Index)).ToArray();

    public async ValueTask<ConsumedBatch> PollAsync(int maxRecords, TimeSpan wait, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRecords, 1);
        var start = _log.Time.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_disposed || _log.IsClosed, this);
            if (_group is not null && _group.Generation != _generation) Refresh();
            if (Read(maxRecords) is { } batch) return batch;
            var woken = _signal.Arm();
            if (HasWork()) continue;
            var left = wait == Timeout.InfiniteTimeSpan ? wait : wait - _log.Time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero && left != Timeout.InfiniteTimeSpan) return ConsumedBatch.Empty;
            await WaitAsync(woken, left, cancellationToken);
        }
    }

    async ValueTask WaitAsync(Task woken, TimeSpan most, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(woken, Task.Delay(most, _log.Time, ending.Token));
        await ending.CancelAsync();
    }

    bool HasWork()
    {
        if (_log.IsClosed || (_group is not null && _group.Generation != _generation)) return true;
        foreach (var reader in _readers)
            if (reader.HasMore) return true;
        return false;
    }

    ConsumedBatch? Read(int maxRecords)
    {
        long available = 0;
        foreach (var reader in _readers) available += Math.Max(0, reader.Partition.VisibleOffset - reader.NextOffset);
        if (available == 0) return null;
        var records = new ConsumedRecord[(int)Math.Min(maxRecords, available)];
        var filled = 0;
        // Every poll begins with another partition, so that none starves.
        for (var i = 0; i < _readers.Count && filled < records.Length; i++)
            filled += _readers[(_turn + i) % _readers.Count].Fill(records.AsSpan(filled));
        _turn = (_turn + 1) % _readers.Count;
        if (filled == 0) return null;
        return new ConsumedBatch(filled == records.Length ? records : new ArraySegment<ConsumedRecord>(records, 0, filled));
    }

    void Refresh()
    {
        // The generation first: a change that comes meanwhile is seen at the next look.
        _generation = _group!.Generation;
        var owned = _group.Refresh(this);
        foreach (var reader in _readers.Where(reader => !owned.Contains(new TopicPartition(reader.Partition.Topic, reader.Partition.Index))).ToArray()) Remove(reader);
        foreach (var partition in owned.Except(Assignment).OrderBy(one => one.Topic, StringComparer.Ordinal).ThenBy(one => one.Partition))
            Add(partition, _log.FindCommitted(_group.Name, partition) ?? 0);
    }

    void Add(TopicPartition partition, long offset)
    {
        var opened = _log.GetPartition(partition);
        opened.AddSignal(_signal);
        _readers.Add(new PartitionReader(opened, Math.Max(offset, opened.Watermarks.Earliest)));
    }

    void Remove(PartitionReader reader)
    {
        reader.Partition.RemoveSignal(_signal);
        _readers.Remove(reader);
    }

    public void Wake() => _signal.Set();

    public ValueTask CommitAsync(IReadOnlyList<KeyValuePair<TopicPartition, long>> nextOffsets, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_group is null) throw new InvalidOperationException("A reader of given partitions has no group to commit for; use Subscribe, or keep the offsets yourself.");
        foreach (var (partition, offset) in nextOffsets) _log.CheckOffset(partition, offset);
        return _group.CommitAsync(this, nextOffsets, _log.Offsets);
    }

    public ValueTask SeekAsync(TopicPartition partition, long offset, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, this);
        var index = _readers.FindIndex(reader => reader.Partition.Topic == partition.Topic && reader.Partition.Index == partition.Partition);
        if (index < 0) throw new RebalancedException($"{partition} is not read by this member now; it reads {string.Join(", ", Assignment)}.");
        _log.CheckOffset(partition, offset);
        var opened = _readers[index].Partition;
        _readers[index] = new PartitionReader(opened, Math.Max(offset, opened.Watermarks.Earliest));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        if (_disposed) return ValueTask.CompletedTask;
        _disposed = true;
        foreach (var reader in _readers.ToArray()) Remove(reader);
        _group?.Leave(this);
        Wake();
        return ValueTask.CompletedTask;
    }
}
