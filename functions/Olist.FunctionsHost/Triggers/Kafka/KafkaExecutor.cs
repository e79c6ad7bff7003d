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
sealed partial class KafkaExecutor(FunctionEntry function, KafkaSettings settings, RetryingInvoker invoker, HostInstruments instruments, ILogger logger)
{
    readonly KafkaTriggerAttribute _trigger = (KafkaTriggerAttribute)function.Descriptor.Trigger;
    readonly RecordConversion _conversion = RecordConversion.For(
        function.Descriptor.TriggerParameter.ParameterType, ((KafkaTriggerAttribute)function.Descriptor.Trigger).KeyDataType);

    /// <returns>Next offsets that may be stored. Fewer than the batch has only after a stop.</returns>
    public async Task<Dictionary<TopicPartition, long>> ExecuteAsync(ConsumedRecord[] records, CancellationToken stopping)
    {
        instruments.OnRecords(function, records.Length);
        if (_trigger.IsBatched)
            return await RunBatchAsync(records, stopping) ? NextOffsets(records) : [];
        var partitions = records.GroupBy(record => new TopicPartition(record.Topic, record.Partition));
        var done = await Task.WhenAll(partitions.Select(partition => Task.Run(() => RunPartitionAsync(partition.Key, [.. partition], stopping), CancellationToken.None)));
        return done.Where(next => next.Value >= 0).ToDictionary(next => next.Key, next => next.Value);
    }

    async Task<KeyValuePair<TopicPartition, long>> RunPartitionAsync(TopicPartition partition, List<ConsumedRecord> records, CancellationToken stopping)
    {
        var next = -1L;
        foreach (var record in records)
        {
            if (stopping.IsCancellationRequested || !await RunRecordAsync(record, stopping)) break;
            next = record.Offset + 1;
        }
        return KeyValuePair.Create(partition, next);
    }

    async Task<bool> RunBatchAsync(ConsumedRecord[] records, CancellationToken stopping)
    {
        var metadata = new RecordMetadata(records, isBatch: true, _trigger.KeyDataType);
        for (var execution = 1; ; execution++)
        {
            var error = await TryAsync(_conversion.ToBatch(records, LogUnreadable), metadata, default, stopping);
            if (IsDone(error, execution, out var again)) return true;
            if (!again || stopping.IsCancellationRequested) return false;
            if (settings.MaxRetries < 0 || execution <= settings.MaxRetries) continue;
            foreach (var (partition, next) in NextOffsets(records)) LogForced(logger, error, function.Name, partition.Topic, partition.Partition, next - 1, execution);
            return true;
        }
    }

    async Task<bool> RunRecordAsync(ConsumedRecord record, CancellationToken stopping)
    {
        var metadata = new RecordMetadata([record], isBatch: false, _trigger.KeyDataType);
        for (var execution = 1; ; execution++)
        {
            if (_conversion.ToSingle(record) is not { } value)
            {
                LogUnreadable(record);
                return true;
            }
            var error = await TryAsync(value, metadata, Parent(record), stopping);
            if (IsDone(error, execution, out var again)) return true;
            if (!again || stopping.IsCancellationRequested) return false;
            if (settings.MaxRetries < 0 || execution <= settings.MaxRetries) continue;
            LogForced(logger, error, function.Name, record.Topic, record.Partition, record.Offset, execution);
            return true;
        }
    }

    bool IsDone(Exception? error, int execution, out bool again)
    {
        again = error is not OperationCanceledException;
        if (error is null) return true;
        if (again && settings.CommitOnFailure)
        {
            LogLost(logger, function.Name);
            return true;
        }
        if (again) LogAgain(logger, function.Name, execution);
        return false;
    }

    /// <returns>Null for success; an <see cref="OperationCanceledException"/> when a stop came between retries.</returns>
    async ValueTask<Exception?> TryAsync(object value, TriggerMetadata metadata, ActivityContext parent, CancellationToken stopping)
    {
        try
        {
            return await invoker.TryInvokeAsync(function, value, metadata, parent, stopping, CancellationToken.None);
        }
        catch (OperationCanceledException error) when (stopping.IsCancellationRequested)
        {
            return error;
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
