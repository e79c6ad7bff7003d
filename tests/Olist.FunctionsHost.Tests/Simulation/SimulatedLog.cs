using Olist.Streaming;

namespace Olist.FunctionsHost.Tests.Simulation;

/// <summary>A topic with its group's offsets, which outlive crashes of the host; its waits go by an injected clock. Answers to commits get lost when a seed says so.</summary>
sealed class SimulatedLog(int partitions, Random random, SimulationTrace trace) : IEventLog
{
    public const string Topic = "orders";

    readonly List<ConsumedRecord>[] _records = [.. Enumerable.Range(0, partitions).Select(_ => new List<ConsumedRecord>())];
    readonly long[] _committed = new long[partitions];
    TaskCompletionSource _more = new();

    public string Id => "simulated";

    /// <summary>Of the life that runs now.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public bool LosesAnswers { get; set; }

    public bool IsTakenIn => Enumerable.Range(0, partitions).All(partition => _committed[partition] == _records[partition].Count);

    public void Add(int partition, byte[] key, byte[] value)
    {
        _records[partition].Add(new ConsumedRecord(Topic, partition, _records[partition].Count, Clock.GetUtcNow().ToUnixTimeMilliseconds(), key, value, false, []));
        Interlocked.Exchange(ref _more, new TaskCompletionSource()).SetResult();
    }

    public IEventConsumer Subscribe(string group, IReadOnlyList<string> topics) => new Consumer(this);

    public ValueTask<long?> GetCommittedAsync(string group, TopicPartition partition, CancellationToken cancellationToken) => new(_committed[partition.Partition]);

    public ValueTask<(long Earliest, long Latest)> GetWatermarksAsync(TopicPartition partition, CancellationToken cancellationToken) => new((0, _records[partition.Partition].Count));

    public ValueTask<IReadOnlyList<TopicSpec>> ListTopicsAsync(CancellationToken cancellationToken) => new([new TopicSpec(Topic, partitions)]);

    public ValueTask EnsureTopicsAsync(IReadOnlyList<TopicSpec> topics, CancellationToken cancellationToken) => throw new NotSupportedException();
    public IEventProducer CreateProducer(string? name = null) => throw new NotSupportedException();
    public IEventConsumer Assign(IReadOnlyList<KeyValuePair<TopicPartition, long>> fromOffsets) => throw new NotSupportedException();
    public ValueTask SetCommittedAsync(string group, IReadOnlyList<KeyValuePair<TopicPartition, long>> nextOffsets, CancellationToken cancellationToken) => throw new NotSupportedException();
    public ValueTask<IReadOnlyList<string>> ListGroupsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    public ValueTask<IReadOnlyDictionary<TopicPartition, long>> ListCommittedAsync(string group, CancellationToken cancellationToken) => throw new NotSupportedException();
    public ValueTask DisposeAsync() => default;

    sealed class Consumer(SimulatedLog log) : IEventConsumer
    {
        readonly long[] _positions = [.. log._committed];

        public IReadOnlyList<TopicPartition> Assignment => [.. _positions.Select((_, partition) => new TopicPartition(Topic, partition))];

        public async ValueTask<ConsumedBatch> PollAsync(int maxRecords, TimeSpan wait, CancellationToken cancellationToken)
        {
            if (Read(maxRecords) is { } ready) return ready;
            await Task.WhenAny(log._more.Task, Task.Delay(wait, log.Clock, CancellationToken.None)); // No life ends in another way than by a crash.
            return Read(maxRecords) ?? ConsumedBatch.Empty;
        }

        ConsumedBatch? Read(int maxRecords)
        {
            var found = new List<ConsumedRecord>();
            for (var partition = 0; partition < _positions.Length; partition++)
                while (_positions[partition] < log._records[partition].Count && found.Count < maxRecords) found.Add(log._records[partition][(int)_positions[partition]++]);
            return found.Count == 0 ? null : new ConsumedBatch(found);
        }

        public ValueTask CommitAsync(IReadOnlyList<KeyValuePair<TopicPartition, long>> nextOffsets, CancellationToken cancellationToken)
        {
            foreach (var (partition, next) in nextOffsets)
            {
                log._committed[partition.Partition] = next;
                if (log.TraceIsKept) log.Note($"commit {partition.Partition}@{next}");
            }
            return log.LosesAnswers && log.Draw(8) == 0 ? throw new IOException("the offsets are stored, and the answer is lost") : default;
        }

        public ValueTask SeekAsync(TopicPartition partition, long offset, CancellationToken cancellationToken)
        {
            _positions[partition.Partition] = offset;
            return default;
        }

        public ValueTask DisposeAsync() => default;
    }

    bool TraceIsKept => trace.IsKept;

    void Note(string line) => trace.Add(line);

    int Draw(int of) => random.Next(of);
}
