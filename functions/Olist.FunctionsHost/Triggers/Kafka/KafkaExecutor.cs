using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Settings;
using Olist.FunctionsHost.Worker;
using Olist.Streaming;

namespace Olist.FunctionsHost.Triggers.Kafka;

/// <summary>
/// Runs a Kafka function for a batch and says which offsets may be stored. Failure stores them too when <c>commitOnFailure</c> is on;
/// otherwise the same batch or record runs again in place, and after <c>1 + maxRetries</c> executions it is logged and stored.
/// </summary>
sealed partial class KafkaExecutor(FunctionEntry function, KafkaSettings settings, RetryingInvoker invoker, IWorkThreads threads, HostInstruments instruments, ILogger logger)
{
    readonly KafkaTriggerAttribute _trigger = (KafkaTriggerAttribute)function.Descriptor.Trigger;
    readonly RecordConversion _conversion = RecordConversion.For(
        function.Descriptor.TriggerParameter.ParameterType, ((KafkaTriggerAttribute)function.Descriptor.Trigger).KeyDataType);

    /// <summary>After a stop no further batch may run: storing its offsets would pass over what was not done.</summary>
    public async Task<KafkaProgress> ExecuteAsync(ConsumedRecord[] records, CancellationToken stopping)
    {
        instruments.OnRecords(function, records.Length);
        if (_trigger.IsBatched)
            return await TryAsync(() => RunBatchAsync(records, stopping)) ? new KafkaProgress(NextOffsets(records), false) : new KafkaProgress([], true);
        var partitions = records.GroupBy(record => new TopicPartition(record.Topic, record.Partition));
        var done = await Task.WhenAll(partitions.Select(partition => threads.RunAsync(() => RunPartitionAsync(partition.Key, [.. partition], stopping))));
        return new KafkaProgress(done.Where(one => one.Next >= 0).ToDictionary(one => one.Partition, one => one.Next), done.Any(one => one.IsStopped));
    }

    async Task<(TopicPartition Partition, long Next, bool IsStopped)> RunPartitionAsync(TopicPartition partition, List<ConsumedRecord> records, CancellationToken stopping)
    {
        var next = -1L;
        foreach (var record in records)
        {
            if (stopping.IsCancellationRequested || !await TryAsync(() => RunRecordAsync(record, stopping))) return (partition, next, true);
            next = record.Offset + 1;
        }
        return (partition, next, false);
    }

    Task RunBatchAsync(ConsumedRecord[] records, CancellationToken stopping) =>
        RunAsync(() => _conversion.ToBatch(records, LogUnreadable), records, new RecordMetadata(records, isBatch: true, _trigger.KeyDataType), default, stopping);

    async Task RunRecordAsync(ConsumedRecord record, CancellationToken stopping)
    {
        if (_conversion.ToSingle(record) is null) LogUnreadable(record);
        else await RunAsync(() => _conversion.ToSingle(record)!, [record], new RecordMetadata([record], isBatch: false, _trigger.KeyDataType), Parent(record), stopping); // Not null just now.
    }

    /// <summary>Ends when the records are done with: taken in, or given up.</summary>
    /// <exception cref="OperationCanceledException">A stop came first.</exception>
    async Task RunAsync(Func<object> value, ConsumedRecord[] records, RecordMetadata metadata, ActivityContext parent, CancellationToken stopping)
    {
        for (var execution = 1; ; execution++)
        {
            if (await invoker.TryInvokeAsync(function, value(), metadata, parent, stopping) is not { } error) return;
            if (settings.CommitOnFailure)
            {
                LogLost(logger, function.Name);
                return;
            }
            LogAgain(logger, function.Name, execution);
            stopping.ThrowIfCancellationRequested();
            if (settings.MaxRetries < 0 || execution <= settings.MaxRetries) continue;
            foreach (var (partition, next) in NextOffsets(records)) LogForced(logger, error, function.Name, partition.Topic, partition.Partition, next - 1, execution);
            return;
        }
    }

    /// <returns>False when a stop came before the end. What the function itself cancels is a failure like any other, and does not come here.</returns>
    static async Task<bool> TryAsync(Func<Task> run)
    {
        try
        {
            await run();
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    static ActivityContext Parent(in ConsumedRecord record)
    {
        if (!HostInstruments.Activities.HasListeners()) return default;
        foreach (var header in record.Headers)
            if (header.Key == "traceparent" && ActivityContext.TryParse(Encoding.ASCII.GetString(header.Value), null, isRemote: true, out var parent)) return parent;
        return default;
    }

    static Dictionary<TopicPartition, long> NextOffsets(ConsumedRecord[] all)
    {
        var next = new Dictionary<TopicPartition, long>();
        for (var i = 0; i < all.Length; i++)
        {
            // Records of a partition come in runs: only the last of a run counts.
            ref readonly var record = ref all[i];
            if (i + 1 < all.Length && all[i + 1].Partition == record.Partition) continue;
            next[new TopicPartition(record.Topic, record.Partition)] = record.Offset + 1;
        }
        return next;
    }

    void LogUnreadable(ConsumedRecord record) =>
        LogKey(logger, function.Name, record.Topic, record.Partition, record.Offset, record.Key.Length, _trigger.KeyDataType);

    [LoggerMessage(EventId = 4300, Level = LogLevel.Error,
        Message = "{Function}: {Topic}[{Partition}] up to offset {Offset} failed {Executions} times; its offset was force-committed and it is skipped")]
    static partial void LogForced(ILogger logger, Exception? error, string function, string topic, int partition, long offset, int executions);

    [LoggerMessage(EventId = 4301, Level = LogLevel.Warning, Message = "{Function} failed and its offsets are stored all the same (commitOnFailure is true in host.json)")]
    static partial void LogLost(ILogger logger, string function);

    [LoggerMessage(EventId = 4302, Level = LogLevel.Warning, Message = "{Function} failed in execution {Execution} and runs again with the same records")]
    static partial void LogAgain(ILogger logger, string function, int execution);

    [LoggerMessage(EventId = 4303, Level = LogLevel.Error, Message = "{Function}: {Topic}[{Partition}] offset {Offset} has a key of {KeyBytes} bytes, which is no {KeyType}; it is passed over")]
    static partial void LogKey(ILogger logger, string function, string topic, int partition, long offset, int keyBytes, KafkaMessageKeyType keyType);
}
