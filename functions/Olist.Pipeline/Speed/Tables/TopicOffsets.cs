using System.Globalization;
using System.Text.Json;
using Olist.Lake;
using Olist.Pipeline.Steps.Bronze;

namespace Olist.Pipeline.Speed.Tables;

/// <summary>How far a stream table has taken in each of its topics; in the summary of the very commit that holds the rows.</summary>
/// <remarks>Entries: <c>olist.offsets.TOPIC</c> = <c>{"0":123,"1":98}</c>, and <c>olist.log</c> as bronze tables have it.</remarks>
sealed class TopicOffsets
{
    readonly Dictionary<string, SortedDictionary<int, long>> _next = new(StringComparer.Ordinal);

    TopicOffsets(string? logId) => LogId = logId;

    public string? LogId { get; }

    public static TopicOffsets Of(IEnumerable<string> topics, Func<string, string?> find)
    {
        var offsets = new TopicOffsets(find(SourceOffsets.LogKey));
        foreach (var topic in topics)
        {
            var next = offsets._next[topic] = [];
            if (find(KeyOf(topic)) is not { } json) continue;
            foreach (var (partition, offset) in JsonSerializer.Deserialize<Dictionary<string, long>>(json)!) next[int.Parse(partition, CultureInfo.InvariantCulture)] = offset;
        }
        return offsets;
    }

    public long NextOf(string topic, int partition) => _next[topic].GetValueOrDefault(partition);

    /// <summary>The next offset of each partition of which anything was taken in.</summary>
    public IReadOnlyDictionary<int, long> Of(string topic) => _next[topic];

    /// <summary>Summary entries after taking in more.</summary>
    public IReadOnlyDictionary<string, string> EntriesAfter(string logId, IReadOnlyDictionary<string, TopicNews> news)
    {
        var entries = new Dictionary<string, string> { [SourceOffsets.LogKey] = logId };
        foreach (var (topic, before) in _next)
        {
            var next = new SortedDictionary<int, long>(before);
            foreach (var (partition, offset) in news[topic].Next) next[partition] = offset;
            entries[KeyOf(topic)] = JsonSerializer.Serialize(next.ToDictionary(entry => entry.Key.ToString(CultureInfo.InvariantCulture), entry => entry.Value));
        }
        return entries;
    }

    /// <exception cref="CommitConflictException">Another instance took something in meanwhile.</exception>
    public void RequireUnmoved(TableName table, CommitHead head)
    {
        var now = Of(_next.Keys, head.FindSummaryEntry);
        foreach (var (topic, next) in now._next)
            foreach (var (partition, offset) in next)
                if (offset != NextOf(topic, partition))
                    throw new CommitConflictException(
                        $"{table} took in {topic}[{partition}] up to offset {offset} meanwhile; this refresh began at {NextOf(topic, partition)}. Another instance refreshes it.");
    }

    static string KeyOf(string topic) => $"{SourceOffsets.OffsetsKey}.{topic}";
}
