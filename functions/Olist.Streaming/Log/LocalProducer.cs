using System.Text;
using Olist.Formats.Checksums;

namespace Olist.Streaming.Log;

/// <summary>Writes records straight into one buffer per partition, and a full buffer straight into the segment.</summary>
sealed class LocalProducer(LocalEventLog log, LocalLogOptions options, string? name) : IEventProducer
{
    const int InitialBytes = 4096;

    readonly Dictionary<string, Route> _routes = new(StringComparer.Ordinal);
    readonly List<BatchBuffer> _buffers = [];
    readonly HashSet<Partition> _unsynced = [];
    readonly ulong _id = HashOf(name);
    Route? _last;
    string? _lastTopic;
    bool _disposed;

    public long BufferedBytes { get; private set; }

    /// <summary>Buffers and last sequences of one topic, by partition.</summary>
    sealed class Route(Topic topic)
    {
        public Topic Topic { get; } = topic;
        public BatchBuffer?[] Buffers { get; } = new BatchBuffer?[topic.Partitions.Length];
        public long[] LastSequences { get; } = new long[topic.Partitions.Length];
    }

    public void Append(string topic, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestampMs, long sequence = -1, int partition = -1, IReadOnlyList<RecordHeader>? headers = null, bool tombstone = false)
    {
        // Callers pass the same string again and again: no look-up then.
        var route = ReferenceEquals(_lastTopic, topic) ? _last! : FindRoute(topic);
        if (partition < 0) partition = Partitioner.Of(key, route.Buffers.Length);
        else if (partition >= route.Buffers.Length) throw new UnknownTopicException($"{topic} has {route.Buffers.Length} partitions, there is no partition {partition}.");
        var buffer = route.Buffers[partition] ?? CreateBuffer(route, partition);
        if (sequence >= 0)
        {
            if (_id == 0) throw new ArgumentException("Only a producer with a name has sequences.", nameof(sequence));
            if (sequence <= route.LastSequences[partition]) return;
        }
        var bytes = BatchBuffer.Measure(key.Length, value.Length, headers);
        if (bytes > options.MaxRecordBytes) throw new ArgumentException($"A record of about {bytes} bytes for {topic}; at most {options.MaxRecordBytes} are taken ({nameof(LocalLogOptions.MaxRecordBytes)}).", nameof(value));
        if (buffer.Count > 0 && buffer.Length + bytes > options.BatchBytes) Write(buffer);
        var before = buffer.Count == 0 ? 0 : buffer.Length;
        buffer.Append(key, tombstone ? default : value, timestampMs, sequence, headers, tombstone, bytes);
        BufferedBytes += buffer.Length - before;
        if (sequence >= 0) route.LastSequences[partition] = sequence;
    }

    void Write(BatchBuffer buffer)
    {
        buffer.Partition.Append(buffer, _id);
        BufferedBytes -= buffer.Length;
        buffer.Clear();
        if (options.Durability == Durability.Disk) _unsynced.Add(buffer.Partition);
    }

    Route FindRoute(string topic)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_routes.TryGetValue(topic, out var route)) _routes.Add(topic, route = new Route(log.GetTopic(topic)));
        _lastTopic = topic;
        return _last = route;
    }

    BatchBuffer CreateBuffer(Route route, int partition)
    {
        var buffer = new BatchBuffer(route.Topic.Partitions[partition], InitialBytes);
        _buffers.Add(buffer);
        route.Buffers[partition] = buffer;
        route.LastSequences[partition] = _id == 0 ? -1 : buffer.Partition.GetLastSequence(_id);
        return buffer;
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var buffer in _buffers)
            if (buffer.Count > 0) Write(buffer);
        if (_unsynced.Count == 0) return;
        await Task.WhenAll(_unsynced.Select(partition => partition.SyncAsync().AsTask()));
        _unsynced.Clear();
    }

    public ValueTask<long> GetLastSequenceAsync(TopicPartition partition, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_id == 0 ? -1 : log.GetPartition(partition).GetLastSequence(_id));

    public ValueTask DisposeAsync()
    {
        if (_disposed) return ValueTask.CompletedTask;
        _disposed = true;
        _lastTopic = null;
        _last = null;
        _routes.Clear();
        foreach (var buffer in _buffers) buffer.Release();
        _buffers.Clear();
        BufferedBytes = 0;
        return ValueTask.CompletedTask;
    }

    /// <summary>0 stands for no name.</summary>
    static ulong HashOf(string? name) => name is null ? 0 : Math.Max(1, XxHash64.Compute(Encoding.UTF8.GetBytes(name)));
}
