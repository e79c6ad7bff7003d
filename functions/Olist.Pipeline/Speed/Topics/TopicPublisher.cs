using System.Buffers;
using System.Text;
using Olist.Formats.Columns;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Speed.Topics;

/// <summary>Publishes records of one topic for many callers at once: what comes while one batch is being stored goes out together in the next (a group commit).</summary>
/// <remarks>Safe for many threads. A batch that can't be stored is tried again, with growing waits, until it is or the publisher ends: callers wait meanwhile, so nothing is published out of order or lost behind their backs.</remarks>
public sealed class TopicPublisher<T> : IAsyncDisposable
{
    static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50), LongestWait = TimeSpan.FromSeconds(5);

    readonly Lock _gate = new();
    readonly CancellationTokenSource _end = new();
    readonly IEventProducer _producer;
    readonly RecordEncoder _encoder;
    readonly TimeProvider _time;
    readonly string _topic;
    readonly Action<RowBatchBuilder, T> _append;
    readonly Func<T, string> _key;
    readonly Action<string> _warn;
    readonly ArrayBufferWriter<byte> _value = new(256), _keyBytes = new(64); // Of the one that drains.
    readonly Pacing _pacing = new(TimeProvider.System);
    Batch _next = new();
    Task _running = Task.CompletedTask;
    bool _busy;

    sealed class Batch
    {
        public List<T> Items { get; } = [];
        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <param name="append">Makes a row of the encoder's columns.</param>
    /// <param name="key">The message's key.</param>
    /// <param name="warn">Told why a batch is tried again.</param>
    public TopicPublisher(IEventLog log, string topic, RecordEncoder encoder, Action<RowBatchBuilder, T> append, Func<T, string> key, TimeProvider time, Action<string> warn)
    {
        _producer = log.CreateProducer();
        (_topic, _encoder, _append, _key, _time, _warn) = (topic, encoder, append, key, time, warn);
    }

    /// <summary>Completes when it is stored as the log promises.</summary>
    public Task PublishAsync(T item)
    {
        lock (_gate)
        {
            Begin().Items.Add(item);
            return _next.Stored.Task;
        }
    }

    /// <summary>Completes when all are stored as the log promises.</summary>
    public Task PublishAsync(IReadOnlyCollection<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (items.Count == 0) return Task.CompletedTask;
        lock (_gate)
        {
            Begin().Items.AddRange(items);
            return _next.Stored.Task;
        }
    }

    /// <summary>The batch that is open; somebody will store it. Under the gate.</summary>
    Batch Begin()
    {
        ObjectDisposedException.ThrowIf(_end.IsCancellationRequested, this);
        if (_busy) return _next;
        _busy = true;
        _running = Task.Run(DrainAsync);
        return _next;
    }

    async Task DrainAsync()
    {
        while (true)
        {
            Batch batch;
            lock (_gate)
            {
                if (_next.Items.Count == 0)
                {
                    _busy = false;
                    return;
                }
                (batch, _next) = (_next, new Batch());
            }
            try
            {
                await StoreAsync(batch.Items);
                batch.Stored.SetResult();
            }
            catch (Exception exception)
            {
                batch.Stored.SetException(exception);
            }
            await _pacing.AfterAsync(batch.Items.Count);
        }
    }

    async Task StoreAsync(List<T> items)
    {
        Append(items);
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            try
            {
                await _producer.FlushAsync(_end.Token);
                return;
            }
            catch (IOException exception)
            {
                _warn($"{items.Count} records of {_topic} could not be stored and are tried again in {wait}: {exception.Message}");
                await Task.Delay(wait, _time, _end.Token);
            }
        }
    }

    void Append(List<T> items)
    {
        var builder = new RowBatchBuilder(_encoder.Columns, items.Count);
        foreach (var item in items) _append(builder, item);
        var rows = builder.Build();
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        for (var row = 0; row < items.Count; row++)
        {
            _value.ResetWrittenCount();
            _encoder.Encode(rows, row, _value);
            _keyBytes.ResetWrittenCount();
            Encoding.UTF8.GetBytes(_key(items[row]), _keyBytes);
            _producer.Append(_topic, _keyBytes.WrittenSpan, _value.WrittenSpan, now);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (_gate)
        {
            if (_end.IsCancellationRequested) return;
            running = _running;
            _end.Cancel();
        }
        await running;
        await _producer.DisposeAsync();
        _end.Dispose();
    }
}
