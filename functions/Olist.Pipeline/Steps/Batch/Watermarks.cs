using System.Globalization;
using Olist.Lake;

namespace Olist.Pipeline.Steps.Batch;

/// <summary>The last snapshot of each source that a target has taken in, kept in the target's own snapshot summaries: a target and its watermark can't disagree.</summary>
public static class Watermarks
{
    const string Prefix = "olist.watermark.";

    public static string Key(string source) => Prefix + source;

    /// <param name="snapshotId">As of which snapshot of the target; <see langword="null"/>: its head.</param>
    public static long? Find(LakeTable target, string source, long? snapshotId = null) =>
        target.FindSummaryEntry(Key(source), snapshotId) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>Summary entries that move the target's watermarks to the pinned snapshots.</summary>
    public static Dictionary<string, string> Entries(IEnumerable<SourceDelta> sources) => sources
        .Where(source => source.To is not null)
        .ToDictionary(source => Key(source.Name), source => source.To!.Value.ToString(CultureInfo.InvariantCulture));
}
