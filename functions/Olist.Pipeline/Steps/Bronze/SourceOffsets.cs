using System.Globalization;
using System.Text.Json;
using Olist.Lake;

namespace Olist.Pipeline.Steps.Bronze;

/// <summary>How far a bronze table has taken in its topic: the next offset of each partition, and the log they belong to.</summary>
/// <remarks>Kept in the snapshot summary of the very commit that holds the rows, the whole map every time: rows and offsets can't disagree,
/// and a rollback takes both back. Entries: <c>olist.offsets</c> = <c>{"0":123,"1":98}</c>, <c>olist.log</c> = the log's identity.</remarks>
public sealed class SourceOffsets
{
    public const string OffsetsKey = "olist.offsets", LogKey = "olist.log";

    SourceOffsets(string? logId, SortedDictionary<int, long> next)
    {
        LogId = logId;
        Next = next;
    }

    /// <summary>The log these offsets count in, or <see langword="null"/> before the first commit.</summary>
    public string? LogId { get; }

    /// <summary>Next offset to take in, by partition; a partition that is not there starts at 0.</summary>
    public IReadOnlyDictionary<int, long> Next { get; }

    /// <summary>What the table has taken in, as of its head when it was loaded.</summary>
    public static SourceOffsets Of(LakeTable table) => Of(key => table.FindSummaryEntry(key));

    /// <summary>What the table has taken in at the moment of a commit.</summary>
    public static SourceOffsets Of(CommitHead head) => Of(head.FindSummaryEntry);

    static SourceOffsets Of(Func<string, string?> find)
    {
        var offsets = new SortedDictionary<int, long>();
        if (find(OffsetsKey) is { } json)
            foreach (var (partition, next) in JsonSerializer.Deserialize<Dictionary<string, long>>(json)!)
                offsets[int.Parse(partition, CultureInfo.InvariantCulture)] = next;
        return new SourceOffsets(find(LogKey), offsets);
    }

    /// <param name="tableLog">The log whose offsets the table keeps, or <see langword="null"/> before its first commit.</param>
    /// <param name="log">The log to be read.</param>
    /// <exception cref="PipelineException">They are not the same one.</exception>
    internal static void RequireSameLog(TableName table, string? tableLog, string log)
    {
        if (tableLog is null || tableLog == log) return;
        throw new PipelineException(
            $"{table} was filled from log {tableLog}, but this is log {log}: their offsets have nothing to do with each other, so nothing is taken in. " +
            "Give the --state (Olist:State) that belongs to this lake, or start with an empty lake.");
    }

    public long NextOf(int partition) => Next.GetValueOrDefault(partition);

    /// <summary>The map after taking in more; never moves a partition back.</summary>
    public SourceOffsets Advance(string logId, IReadOnlyDictionary<int, long> next)
    {
        var merged = new SortedDictionary<int, long>(Next.ToDictionary());
        foreach (var (partition, offset) in next) merged[partition] = Math.Max(offset, merged.GetValueOrDefault(partition));
        return new SourceOffsets(logId, merged);
    }

    public IReadOnlyDictionary<string, string> SummaryEntries() => new Dictionary<string, string>
    {
        [OffsetsKey] = JsonSerializer.Serialize(Next.ToDictionary(entry => entry.Key.ToString(CultureInfo.InvariantCulture), entry => entry.Value)),
        [LogKey] = LogId!,
    };
}
