using System.Globalization;
using System.Text.Json;
using Olist.Lake;
using Olist.Pipeline.Steps.Bronze;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>Messages of one partition: <see cref="From"/> included, <see cref="To"/> excluded.</summary>
public sealed record OffsetRange(int Partition, long From, long To);

/// <summary>How far a version of a table has taken in topics, as its snapshot summaries say.</summary>
/// <param name="LogId">The log that the offsets count in.</param>
/// <param name="Next">By topic and partition the next offset.</param>
sealed record TakenOffsets(string? LogId, IReadOnlyDictionary<string, IReadOnlyDictionary<int, long>> Next)
{
    public static TakenOffsets None { get; } = new(null, new Dictionary<string, IReadOnlyDictionary<int, long>>());

    const string TopicPrefix = SourceOffsets.OffsetsKey + ".";

    /// <summary>Bronze tables note one topic, which is called as they are; stream tables note each by name.</summary>
    /// <param name="snapshotId">The version; <see langword="null"/>: before the first.</param>
    public static TakenOffsets Of(LakeTable table, long? snapshotId)
    {
        if (snapshotId is not { } at) return None;
        var next = new SortedDictionary<string, IReadOnlyDictionary<int, long>>(StringComparer.Ordinal);
        foreach (var (key, value) in table.FindSummaryEntries(SourceOffsets.OffsetsKey, at))
        {
            var topic = key == SourceOffsets.OffsetsKey ? table.Name.Name : key.StartsWith(TopicPrefix, StringComparison.Ordinal) ? key[TopicPrefix.Length..] : null;
            if (topic is not null) next.Add(topic, Parse(value));
        }
        return new TakenOffsets(table.FindSummaryEntry(SourceOffsets.LogKey, at), next);
    }

    /// <summary>What came after an earlier version, by partition; partitions that gained nothing are left out.</summary>
    public IReadOnlyList<OffsetRange> Since(TakenOffsets earlier, string topic)
    {
        var before = earlier.Next.GetValueOrDefault(topic);
        return [.. Next[topic].OrderBy(entry => entry.Key)
            .Select(entry => new OffsetRange(entry.Key, before?.GetValueOrDefault(entry.Key) ?? 0, entry.Value))
            .Where(range => range.To > range.From)];
    }

    static SortedDictionary<int, long> Parse(string json)
    {
        var offsets = new SortedDictionary<int, long>();
        foreach (var (partition, next) in JsonSerializer.Deserialize<Dictionary<string, long>>(json)!) offsets[int.Parse(partition, CultureInfo.InvariantCulture)] = next;
        return offsets;
    }
}
