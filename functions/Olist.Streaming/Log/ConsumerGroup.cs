namespace Olist.Streaming.Log;

/// <summary>The members of a group in this process, and which partitions each reads. Safe to use from many threads.</summary>
/// <remarks>A change of members moves partitions in two steps: the old owner lets go when it polls again (or leaves), and only then the new one begins at the committed offset.
/// So what the old owner had read it can still commit, and no record is read by two members because of the move.</remarks>
sealed class ConsumerGroup(string name)
{
    readonly Lock _gate = new();
    readonly List<LocalConsumer> _members = [];
    readonly Dictionary<TopicPartition, LocalConsumer> _owners = [];
    Dictionary<TopicPartition, LocalConsumer> _targets = [];
    int _generation;

    public string Name { get; } = name;

    /// <summary>Changes whenever partitions may have to move.</summary>
    public int Generation => Volatile.Read(ref _generation);

    public void Join(LocalConsumer member)
    {
        lock (_gate)
        {
            _members.Add(member);
            Share();
        }
        WakeAll();
    }

    public void Leave(LocalConsumer member)
    {
        lock (_gate)
        {
            _members.Remove(member);
            foreach (var partition in _owners.Where(pair => pair.Value == member).Select(pair => pair.Key).ToArray()) _owners.Remove(partition);
            Share();
        }
        WakeAll();
    }

    /// <summary>Lets go of what goes to others and takes what is free.</summary>
    /// <returns>What the member owns now.</returns>
    public HashSet<TopicPartition> Refresh(LocalConsumer member)
    {
        var moved = false;
        HashSet<TopicPartition> owned = [];
        lock (_gate)
        {
            foreach (var partition in _owners.Where(pair => pair.Value == member && _targets[pair.Key] != member).Select(pair => pair.Key).ToArray())
            {
                _owners.Remove(partition);
                moved = true;
            }
            foreach (var (partition, target) in _targets)
                if (target == member && _owners.TryAdd(partition, member) | _owners[partition] == member) owned.Add(partition);
            if (moved) _generation++;
        }
        if (moved) WakeAll();
        return owned;
    }

    /// <summary>Runs a commit while the member is sure to own the partitions.</summary>
    /// <exception cref="RebalancedException">It does not.</exception>
    public ValueTask CommitAsync(LocalConsumer member, IReadOnlyList<KeyValuePair<TopicPartition, long>> offsets, GroupOffsets store)
    {
        lock (_gate)
        {
            foreach (var (partition, _) in offsets)
                if (!_owners.TryGetValue(partition, out var owner) || owner != member)
                    throw new RebalancedException($"{partition} is not read by this member of group {Name} any more: drop its records, they are read again elsewhere.");
            return store.CommitAsync(Name, offsets);
        }
    }

    /// <summary>Runs a commit from outside.</summary>
    /// <exception cref="StreamingException">A member reads one of the partitions.</exception>
    public ValueTask SetAsync(IReadOnlyList<KeyValuePair<TopicPartition, long>> offsets, GroupOffsets store)
    {
        lock (_gate)
        {
            foreach (var (partition, _) in offsets)
                if (_owners.ContainsKey(partition) || _targets.ContainsKey(partition))
                    throw new StreamingException($"{partition} is being read by a member of group {Name}; stop its members before its offset is set.");
            return store.CommitAsync(Name, offsets);
        }
    }

    /// <summary>Deals the partitions of each topic out to its members in turn.</summary>
    void Share()
    {
        var targets = new Dictionary<TopicPartition, LocalConsumer>();
        var next = 0;
        foreach (var topic in _members.SelectMany(member => member.Topics).DistinctBy(topic => topic.Spec.Name).OrderBy(topic => topic.Spec.Name, StringComparer.Ordinal))
        {
            var readers = _members.Where(member => member.Topics.Contains(topic)).ToArray();
            foreach (var partition in topic.Partitions)
                targets[new TopicPartition(topic.Spec.Name, partition.Index)] = readers[next++ % readers.Length];
        }
        _targets = targets;
        _generation++;
    }

    void WakeAll()
    {
        LocalConsumer[] members;
        lock (_gate) members = [.. _members];
        foreach (var member in members) member.Wake();
    }
}
