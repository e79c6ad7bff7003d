using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Settings;
using Olist.Streaming;

namespace Olist.FunctionsHost.Triggers.Kafka;

/// <summary>
/// One consumer for one function. A single loop owns the consumer (it is not for several threads): it collects the next batch while the last one
/// runs, stores offsets when the consumer is free, and starts a batch when it is full, when a run has just ended, or when the linger is over.
/// </summary>
sealed partial class KafkaListener(
    string function, KafkaSource source, IEventLog log, KafkaExecutor executor, KafkaSettings settings, TimeSpan linger, HostStop host, IWorkThreads threads, TimeProvider time, ILogger logger) : IFunctionListener
{
    // While a batch runs its offsets wait for the poll to come back; this bounds that wait.
    static readonly TimeSpan BusyWait = TimeSpan.FromMilliseconds(25);
    static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(5);
    static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(1);

    readonly StopSignal _stop = new();
    Task _loop = Task.CompletedTask;

    public string Function => function;
    public KafkaSource Source => source;
    public IEventLog Log => log;

    public void Start() => _loop = threads.RunAsync(RunAsync);

    public async Task StopAsync()
    {
        _stop.Set();
        await _loop;
    }

    /// <summary>Without a stop before: the loop ends by itself, and stores nothing that it could not store by now.</summary>
    public void Dispose() => _stop.Dispose();

    async Task RunAsync()
    {
        while (!_stop.IsSet)
        {
            try
            {
                if (settings.StartAtLatest) await SkipToLatestAsync();
                await using var consumer = log.Subscribe(source.ConsumerGroup, [source.Topic]);
                await ConsumeAsync(consumer);
            }
            catch (OperationCanceledException) when (_stop.IsSet)
            {
                return;
            }
            catch (Exception) when (host.IsGone)
            {
                return;
            }
#pragma warning disable CA1031 // The listener outlives any trouble of the log; what was not stored comes again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                LogTrouble(logger, error, function, source.Topic, PauseAfterError);
                try
                {
                    await Task.Delay(PauseAfterError, time, _stop.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    async Task ConsumeAsync(IEventConsumer consumer)
    {
        var collected = new CollectedRecords();
        var firstAt = 0L;
        var done = new Dictionary<TopicPartition, long>();
        Task<KafkaProgress>? running = null;
        Task<ConsumedBatch>? poll = null;
        try
        {
            while (!_stop.IsSet)
            {
                if (poll is { IsCompleted: true })
                {
                    var batch = await poll;
                    poll = null;
                    if (collected.Count == 0) firstAt = time.GetTimestamp();
                    collected.Add(batch);
                }
                var justEnded = false;
                if (running is { IsCompleted: true })
                {
                    var progress = await running;
                    foreach (var (partition, next) in progress.Next) done[partition] = next;
                    (running, justEnded) = (null, true);
                    if (progress.IsStopped)
                    {
                        _stop.Set();
                        return;
                    }
                }
                var waited = collected.Count == 0 ? TimeSpan.Zero : time.GetElapsedTime(firstAt);
                if (running is null && collected.Count > 0 && (collected.Count >= settings.MaxBatchSize || justEnded || waited >= linger))
                {
                    var batch = collected.Take();
                    running = threads.RunAsync(() => executor.ExecuteAsync(batch, _stop.Token));
                    waited = TimeSpan.Zero;
                }
                if (poll is null && done.Count > 0)
                {
                    await StoreAsync(consumer, done);
                }
                if (poll is null && collected.Count < settings.MaxBatchSize)
                {
                    var wait = running is not null ? BusyWait : collected.Count > 0 ? linger - waited : IdleWait;
                    poll = consumer.PollAsync(settings.MaxBatchSize - collected.Count, wait, _stop.Token).AsTask();
                }
                if (poll is null) await ((Task?)running ?? Task.CompletedTask).WaitAsync(_stop.Token);
                else if (running is null) await poll;
                else await Task.WhenAny(poll, running);
            }
        }
        finally
        {
            await EndAsync(consumer, poll, running, done);
        }
    }

    /// <summary>Finishes what runs and stores it; what was only collected comes again at the next start.</summary>
    async Task EndAsync(IEventConsumer consumer, Task<ConsumedBatch>? poll, Task<KafkaProgress>? running, Dictionary<TopicPartition, long> done)
    {
        if (poll is not null)
        {
            try
            {
                await poll;
            }
            catch (OperationCanceledException)
            {
                // The stop ended the poll; nothing was taken.
            }
        }
        if (running is not null)
            foreach (var (partition, next) in (await running).Next) done[partition] = next;
        if (done.Count > 0) await StoreAsync(consumer, done);
    }

    /// <summary>Partitions that have moved to another member meanwhile are left to it: it starts at the last stored offset.</summary>
    async Task StoreAsync(IEventConsumer consumer, Dictionary<TopicPartition, long> done)
    {
        try
        {
            await consumer.CommitAsync([.. done], CancellationToken.None);
        }
        catch (RebalancedException error)
        {
            LogRebalanced(logger, error, function);
            var kept = consumer.Assignment;
            KeyValuePair<TopicPartition, long>[] mine = [.. done.Where(next => kept.Contains(next.Key))];
            if (mine.Length > 0) await consumer.CommitAsync(mine, CancellationToken.None);
        }
        done.Clear();
    }

    async Task SkipToLatestAsync()
    {
        var topics = await log.ListTopicsAsync(_stop.Token);
        for (var partition = 0; partition < topics.FirstOrDefault(topic => topic.Name == source.Topic)?.Partitions; partition++)
        {
            var at = new TopicPartition(source.Topic, partition);
            if (await log.GetCommittedAsync(source.ConsumerGroup, at, _stop.Token) is not null) continue;
            var (_, latest) = await log.GetWatermarksAsync(at, _stop.Token);
            await log.SetCommittedAsync(source.ConsumerGroup, [KeyValuePair.Create(at, latest)], _stop.Token);
        }
    }

    [LoggerMessage(EventId = 4311, Level = LogLevel.Error, Message = "{Function} can't store offsets of partitions that moved to another member; that one will process their last records again")]
    static partial void LogRebalanced(ILogger logger, Exception error, string function);

    [LoggerMessage(EventId = 4310, Level = LogLevel.Error, Message = "{Function} can't read {Topic}; it tries again in {Pause}, from the last stored offsets")]
    static partial void LogTrouble(ILogger logger, Exception error, string function, string topic, TimeSpan pause);
}
