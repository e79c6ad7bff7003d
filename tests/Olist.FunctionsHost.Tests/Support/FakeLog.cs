using Olist.Streaming;

namespace Olist.FunctionsHost.Tests.Support;

/// <summary>An event log in memory: groups, offsets, waking readers; with a count of commits.</summary>
sealed class FakeLog : IEventLog
{
    readonly Lock _gate = new();
    readonly Dictionary<TopicPartition, List<ConsumedRecord>> _partitions = [];
    readonly Dictionary<(string, TopicPartition), long> _committed = [];
    TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => "fake";

    public List<KeyValuePair<TopicPartition, long>> Commits { get; } = [];

    public void Add(string topic, int partition, byte[] key, byte[]? value, params RecordHeader[] headers)
    {
        lock (_gate)
        {
            var records = Records(new TopicPartition(topic, partition));
            records.Add(new ConsumedRecord(topic, partition, records.Count, 1_700_000_000_000 + records.Count, key, value ?? [], value is null, headers));
            Interlocked.Exchange(ref _more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

    public long Committed(string group, string topic, int partition)
    {
        lock (_gate) return _committed.GetValueOrDefault((group, new TopicPartition(topic, partition)), 0);
    }

    List<ConsumedRecord> Records(TopicPartition partition) =>
        _partitions.TryGetValue(partition, out var records) ? records : _partitions[partition] = [];

    public ValueTask EnsureTopicsAsync(IReadOnlyList<TopicSpec> topics, CancellationToken cancellationToken)
    {
        lock (_gate)
            foreach (var topic in topics)
                for (var i = 0; i < topic.Partitions; i++) Records(new TopicPartition(topic.Name, i));
        return default;
    }

    public ValueTask<IReadOnlyList<TopicSpec>> ListTopicsAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return new([.. _partitions.Keys.GroupBy(p => p.Topic).Select(g => new TopicSpec(g.Key, g.Max(p => p.Partition) + 1))]);
    }

    public ValueTask<(long Earliest, long Latest)> GetWatermarksAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        lock (_gate) return new((0, Records(partition).Count));
    }

    public IEventProducer CreateProducer(string? name = null) => throw new NotSupportedException();

    public IEventConsumer Subscribe(string group, IReadOnlyList<string> topics) => new Consumer(this, group, topics[0]);

    public IEventConsumer Assign(IReadOnlyList<KeyValuePair<TopicPartition, long>> fromOffsets) => throw new NotSupportedException();

    public ValueTask<long?> GetCommittedAsync(string group, TopicPartition partition, CancellationToken cancellationToken)
    {
        lock (_gate) return new(_committed.TryGetValue((group, partition), out var offset) ? offset : null);
    }

    public ValueTask<IReadOnlyList<string>> ListGroupsAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return new([.. _committed.Keys.Select(key => key.Item1).Distinct()]);
    }

    public ValueTask<IReadOnlyDictionary<TopicPartition, long>> ListCommittedAsync(string group, CancellationToken cancellationToken)
    {
        lock (_gate) return new(_committed.Where(one => one.Key.Item1 == group).ToDictionary(one => one.Key.Item2, one => one.Value));
    }

    public ValueTask SetCommittedAsync(string group, IReadOnlyList<KeyValuePair<TopicPartition, long>> nextOffsets, CancellationToken cancellationToken)
    {
        lock (_gate)
            foreach (var (partition, next) in nextOffsets) _committed[(group, partition)] = next;
        return default;
    }

    public ValueTask DisposeAsync() => default;

    sealed class Consumer : IEventConsumer
    {
        readonly FakeLog _log;
        readonly string _group;
        readonly string _topic;
        readonly Dictionary<TopicPartition, long> _positions = [];
        int _busy;

        public Consumer(FakeLog log, string group, string topic) => (_log, _group, _topic) = (log, group, topic);

        public IReadOnlyList<TopicPartition> Assignment => [.. _positions.Keys];

        public async ValueTask<ConsumedBatch> PollAsync(int maxRecords, TimeSpan wait, CancellationToken cancellationToken)
        {
            Assert.Equal(0, Interlocked.Exchange(ref _busy, 1));
            try
            {
                var started = TimeProvider.System.GetTimestamp();
                while (true)
                {
                    Task more;
                    lock (_log._gate)
                    {
                        var found = new List<ConsumedRecord>();
                        foreach (var (partition, records) in _log._partitions.Where(p => p.Key.Topic == _topic))
                        {
                            if (!_positions.TryGetValue(partition, out var position)) position = _log._committed.GetValueOrDefault((_group, partition), 0);
                            while (position < records.Count && found.Count < maxRecords) found.Add(records[(int)position++]);
                            _positions[partition] = position;
                        }
                        if (found.Count > 0) return new ConsumedBatch(found);
                        more = _log._more.Task;
                    }
                    var left = wait - TimeProvider.System.GetElapsedTime(started);
                    if (left <= TimeSpan.Zero) return ConsumedBatch.Empty;
                    try
                    {
                        await more.WaitAsync(left, cancellationToken);
                    }
                    catch (TimeoutException)
                    {
                        return ConsumedBatch.Empty;
                    }
                }
            }
            finally
            {
                Volatile.Write(ref _busy, 0);
            }
        }

        public ValueTask CommitAsync(IReadOnlyList<KeyValuePair<TopicPartition, long>> nextOffsets, CancellationToken cancellationToken)
        {
            Assert.Equal(0, Volatile.Read(ref _busy));
            lock (_log._gate)
                foreach (var (partition, next) in nextOffsets)
                {
                    _log._committed[(_group, partition)] = next;
                    _log.Commits.Add(KeyValuePair.Create(partition, next));
                }
            return default;
        }

        public ValueTask SeekAsync(TopicPartition partition, long offset, CancellationToken cancellationToken)
        {
            _positions[partition] = offset;
            return default;
        }

        public ValueTask DisposeAsync() => default;
    }
}
