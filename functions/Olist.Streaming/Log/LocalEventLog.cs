using System.Collections.Concurrent;

namespace Olist.Streaming.Log;

/// <summary>The built-in log: topics as segment files in a state folder that this process has for itself. README.md draws the files.</summary>
/// <remarks>Safe to use from many threads. Reading and writing go through the page cache and do not leave the calling thread, except for syncs.</remarks>
public sealed class LocalEventLog : IEventLog
{
    readonly LocalLogOptions _options;
    readonly string _topicsFolder;
    readonly ConcurrentDictionary<string, Topic> _topics = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, ConsumerGroup> _groups = new(StringComparer.Ordinal);
    readonly Lock _creating = new();
    readonly bool _ownsState;

    LocalEventLog(StateFolder state, bool ownsState, LocalLogOptions options, TimeProvider time, string id, string topicsFolder, GroupOffsets offsets, IReadOnlyList<RecoveredTail> recovered)
    {
        State = state;
        _ownsState = ownsState;
        _options = options;
        Time = time;
        _topicsFolder = topicsFolder;
        Offsets = offsets;
        Id = id;
        Recovered = recovered;
    }

    public string Id { get; }

    /// <summary>The folder, held until the log is disposed.</summary>
    public StateFolder State { get; }

    /// <summary>What opening took off files whose last write had not been completed; empty after a proper end.</summary>
    public IReadOnlyList<RecoveredTail> Recovered { get; }

    internal TimeProvider Time { get; }

    internal GroupOffsets Offsets { get; }

    internal bool IsClosed { get; private set; }

    /// <summary>Opens the log of a state folder, or makes a new one.</summary>
    /// <exception cref="StateInUseException">Another process has the folder.</exception>
    /// <exception cref="CorruptLogException">A file is damaged; the message has its path and the byte.</exception>
    /// <exception cref="StreamingException">The folder holds something else.</exception>
    public static async Task<LocalEventLog> OpenAsync(string stateFolder, LocalLogOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        options.Validate();
        var state = StateFolder.Acquire(stateFolder);
        try
        {
            return await OpenAsync(state, ownsState: true, options, time, cancellationToken);
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    /// <summary>Opens the log of a folder that the caller has taken and gives back itself, after the log.</summary>
    public static Task<LocalEventLog> OpenAsync(StateFolder state, LocalLogOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        options.Validate();
        return OpenAsync(state, ownsState: false, options, time, cancellationToken);
    }

    static async Task<LocalEventLog> OpenAsync(StateFolder state, bool ownsState, LocalLogOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var recovered = new List<RecoveredTail>();
        var log = await Task.Run(() => Load(state, ownsState, options, time, recovered, cancellationToken), cancellationToken);
        await log.LowerOffsetsAsync(recovered);
        return log;
    }

    static LocalEventLog Load(StateFolder state, bool ownsState, LocalLogOptions options, TimeProvider time, List<RecoveredTail> recovered, CancellationToken cancellationToken)
    {
        var topicsFolder = Path.Combine(state.Path, "log", "topics");
        Directory.CreateDirectory(topicsFolder);
        var id = LogIdentity.LoadOrMake(Path.Combine(state.Path, "log"));
        var topics = new List<Topic>();
        try
        {
            foreach (var folder in Directory.EnumerateDirectories(topicsFolder).Order(StringComparer.Ordinal))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (folder.EndsWith(".new", StringComparison.Ordinal)) continue;   // a creation that did not come to its end; made anew when asked for
                topics.Add(Topic.Open(folder, options, time, recovered));
            }
            var offsets = new GroupOffsets(Path.Combine(state.Path, "log", "groups.journal"), options.Durability, recovered);
            var log = new LocalEventLog(state, ownsState, options, time, id, topicsFolder, offsets, recovered);
            foreach (var topic in topics) log.Add(topic);
            return log;
        }
        catch
        {
            foreach (var topic in topics) topic.Close();
            throw;
        }
    }

    void Add(Topic topic)
    {
        foreach (var partition in topic.Partitions)
        {
            var at = new TopicPartition(topic.Spec.Name, partition.Index);
            partition.LowestCommitted = () => Offsets.Lowest(at);
        }
        _topics[topic.Spec.Name] = topic;
    }

    /// <summary>A commit can't be ahead of the log unless the machine went down before the log reached the disk.</summary>
    async ValueTask LowerOffsetsAsync(List<RecoveredTail> recovered)
    {
        foreach (var group in Offsets.ListGroups())
            foreach (var (partition, offset) in Offsets.ListOffsets(group))
            {
                var end = _topics.TryGetValue(partition.Topic, out var topic) && partition.Partition < topic.Partitions.Length ? topic.Partitions[partition.Partition].VisibleOffset : 0;
                if (offset <= end) continue;
                await Offsets.CommitAsync(group, [new(partition, end)]);
                recovered.Add(new RecoveredTail(Offsets.Path, 0, 0, $"group {group} had committed {partition} to {offset}, but the log ends at {end}; it goes on there"));
            }
    }

    public ValueTask EnsureTopicsAsync(IReadOnlyList<TopicSpec> topics, CancellationToken cancellationToken)
    {
        foreach (var spec in topics) Topic.Validate(spec);
        lock (_creating)
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            foreach (var spec in topics)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_topics.ContainsKey(spec.Name)) continue;
                var folder = Path.Combine(_topicsFolder, spec.Name);
                Topic.Create(folder, spec);
                Add(Topic.Open(folder, _options, Time, []));
            }
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<TopicSpec>> ListTopicsAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<TopicSpec>>([.. _topics.Values.Select(topic => topic.Spec).OrderBy(spec => spec.Name, StringComparer.Ordinal)]);

    public ValueTask<(long Earliest, long Latest)> GetWatermarksAsync(TopicPartition partition, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetPartition(partition).Watermarks);

    public IEventProducer CreateProducer(string? name = null)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return new LocalProducer(this, _options, name);
    }

    public IEventConsumer Subscribe(string group, IReadOnlyList<string> topics)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentOutOfRangeException.ThrowIfZero(topics.Count);
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return LocalConsumer.Subscribe(this, GetGroup(group), topics.Distinct(StringComparer.Ordinal).Select(GetTopic).ToArray());
    }

    public IEventConsumer Assign(IReadOnlyList<KeyValuePair<TopicPartition, long>> fromOffsets)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return LocalConsumer.Assign(this, fromOffsets);
    }

    public ValueTask<long?> GetCommittedAsync(string group, TopicPartition partition, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Offsets.Find(group, partition));

    public ValueTask SetCommittedAsync(string group, IReadOnlyList<KeyValuePair<TopicPartition, long>> nextOffsets, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var (partition, offset) in nextOffsets) CheckOffset(partition, offset);
        return GetGroup(group).SetAsync(nextOffsets, Offsets);
    }

    public ValueTask<IReadOnlyList<string>> ListGroupsAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Offsets.ListGroups());

    public ValueTask<IReadOnlyDictionary<TopicPartition, long>> ListCommittedAsync(string group, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyDictionary<TopicPartition, long>>(Offsets.ListOffsets(group));

    /// <summary>Keeps only the latest record of each key in a compacted topic, the newest included (by itself the log compacts closed segments whenever as much has come as was left the last time), and drops tombstones older than <see cref="LocalLogOptions.TombstoneRetention"/>. Offsets do not change; readers and writers go on meanwhile.</summary>
    /// <exception cref="InvalidOperationException">The topic is not compacted.</exception>
    public async ValueTask CompactAsync(string topic, CancellationToken cancellationToken)
    {
        var found = GetTopic(topic);
        if (!found.Spec.Compacted) throw new InvalidOperationException($"Topic {topic} was not created as compacted: every record of it counts.");
        foreach (var partition in found.Partitions) await Task.Run(() => partition.Compact(closesActive: true, cancellationToken), cancellationToken);
    }

    /// <summary>Removes what is past its retention now; this also happens whenever a segment is closed.</summary>
    public void ApplyRetention()
    {
        foreach (var topic in _topics.Values)
            foreach (var partition in topic.Partitions) partition.ApplyRetention();
    }

    internal Topic GetTopic(string name) => _topics.TryGetValue(name, out var topic)
        ? topic
        : throw new UnknownTopicException($"There is no topic '{name}' in {State.Path}; create it with {nameof(EnsureTopicsAsync)}.");

    internal Partition GetPartition(TopicPartition partition)
    {
        var partitions = GetTopic(partition.Topic).Partitions;
        return (uint)partition.Partition < (uint)partitions.Length
            ? partitions[partition.Partition]
            : throw new UnknownTopicException($"Topic {partition.Topic} has {partitions.Length} partitions, there is no partition {partition.Partition}.");
    }

    internal long? FindCommitted(string group, TopicPartition partition) => Offsets.Find(group, partition);

    /// <exception cref="StreamingException">The partition never had such an offset.</exception>
    internal void CheckOffset(TopicPartition partition, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var end = GetPartition(partition).VisibleOffset;
        if (offset > end) throw new StreamingException($"Offset {offset} of {partition} is beyond its end {end}: the offset belongs to another log, or the log has lost records.");
    }

    ConsumerGroup GetGroup(string name) => _groups.GetOrAdd(name, static key => new ConsumerGroup(key));

    public ValueTask DisposeAsync()
    {
        lock (_creating)
        {
            if (IsClosed) return ValueTask.CompletedTask;
            IsClosed = true;
            foreach (var topic in _topics.Values) topic.Close();
            Offsets.Dispose();
            if (_ownsState) State.Dispose();
        }
        return ValueTask.CompletedTask;
    }
}
