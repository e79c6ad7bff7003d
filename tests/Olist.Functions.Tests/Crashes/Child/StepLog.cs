using Olist.Streaming;

namespace Olist.Functions.Tests.Crashes.Child;

/// <summary>An event log whose flushes and commits are durable steps: <c>log.delivery_status.flush.before</c>, <c>group.olist-ingest.commit.after</c>.</summary>
sealed class StepLog(IEventLog inner, DurableSteps steps, bool loseAnswers) : IEventLog
{
    public string Id => inner.Id;

    public ValueTask EnsureTopicsAsync(IReadOnlyList<TopicSpec> topics, CancellationToken cancellationToken) =>
        steps.AroundAsync("log.topics.ensure", () => inner.EnsureTopicsAsync(topics, cancellationToken));

    public ValueTask<IReadOnlyList<TopicSpec>> ListTopicsAsync(CancellationToken cancellationToken) => inner.ListTopicsAsync(cancellationToken);

    public ValueTask<(long Earliest, long Latest)> GetWatermarksAsync(TopicPartition partition, CancellationToken cancellationToken) => inner.GetWatermarksAsync(partition, cancellationToken);

    public IEventProducer CreateProducer(string? name = null) => new Producer(inner.CreateProducer(name), steps);

    public IEventConsumer Subscribe(string group, IReadOnlyList<string> topics) => new Consumer(inner.Subscribe(group, topics), steps, group, loseAnswers);

    public IEventConsumer Assign(IReadOnlyList<KeyValuePair<TopicPartition, long>> fromOffsets) => inner.Assign(fromOffsets);

    public ValueTask<long?> GetCommittedAsync(string group, TopicPartition partition, CancellationToken cancellationToken) => inner.GetCommittedAsync(group, partition, cancellationToken);

    public ValueTask SetCommittedAsync(string group, IReadOnlyList<KeyValuePair<TopicPartition, long>> nextOffsets, CancellationToken cancellationToken) =>
        steps.AroundAsync($"group.{group}.set", () => inner.SetCommittedAsync(group, nextOffsets, cancellationToken));

    public ValueTask<IReadOnlyList<string>> ListGroupsAsync(CancellationToken cancellationToken) => inner.ListGroupsAsync(cancellationToken);

    public ValueTask<IReadOnlyDictionary<TopicPartition, long>> ListCommittedAsync(string group, CancellationToken cancellationToken) => inner.ListCommittedAsync(group, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    sealed class Producer(IEventProducer inner, DurableSteps steps) : IEventProducer
    {
        readonly SortedSet<string> _topics = new(StringComparer.Ordinal);

        public long BufferedBytes => inner.BufferedBytes;

        public void Append(string topic, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestampMs, long sequence = -1, int partition = -1, IReadOnlyList<RecordHeader>? headers = null, bool tombstone = false)
        {
            _topics.Add(topic);
            inner.Append(topic, key, value, timestampMs, sequence, partition, headers, tombstone);
        }

        public async ValueTask FlushAsync(CancellationToken cancellationToken)
        {
            string[] topics = [.. _topics];
            _topics.Clear();
            foreach (var topic in topics) steps.Meet($"log.{topic}.flush.before");
            await inner.FlushAsync(cancellationToken);
            foreach (var topic in topics) steps.Meet($"log.{topic}.flush.after");
        }

        public ValueTask<long> GetLastSequenceAsync(TopicPartition partition, CancellationToken cancellationToken) => inner.GetLastSequenceAsync(partition, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    sealed class Consumer(IEventConsumer inner, DurableSteps steps, string group, bool loseAnswers) : IEventConsumer
    {
        int _commits;

        public IReadOnlyList<TopicPartition> Assignment => inner.Assignment;

        public ValueTask<ConsumedBatch> PollAsync(int maxRecords, TimeSpan wait, CancellationToken cancellationToken) => inner.PollAsync(maxRecords, wait, cancellationToken);

        /// <summary>The third commit of each consumer is done and then reported as an error, when answers are lost: its listener begins anew, so each life has many third ones.</summary>
        public async ValueTask CommitAsync(IReadOnlyList<KeyValuePair<TopicPartition, long>> nextOffsets, CancellationToken cancellationToken)
        {
            await steps.AroundAsync($"group.{group}.commit", () => inner.CommitAsync(nextOffsets, cancellationToken));
            if (loseAnswers && ++_commits == 3) throw new IOException($"The answer to a commit of {group} is lost.");
        }

        public ValueTask SeekAsync(TopicPartition partition, long offset, CancellationToken cancellationToken) => inner.SeekAsync(partition, offset, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
