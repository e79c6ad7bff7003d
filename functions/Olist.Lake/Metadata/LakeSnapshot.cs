namespace Olist.Lake;

/// <summary>One state of a table, immutable.</summary>
/// <param name="SnapshotId">Positive, unique in the table, at most 2^53 - 1.</param>
/// <param name="ParentId">The head it was committed on top of; may be expired by now.</param>
/// <param name="SequenceNumber">Grows with every commit to the table.</param>
/// <param name="Timestamp">When it was committed, in whole milliseconds; strictly increasing along a branch.</param>
/// <param name="Operation"><c>append</c>, <c>replace</c> (same rows, other files), <c>overwrite</c> or <c>delete</c>.</param>
/// <param name="Summary">All summary entries but the operation.</param>
/// <param name="SchemaId">The schema that was current.</param>
/// <param name="ManifestList">Location of its manifest list.</param>
public sealed record LakeSnapshot(
    long SnapshotId, long? ParentId, long SequenceNumber, DateTimeOffset Timestamp, string Operation,
    IReadOnlyDictionary<string, string> Summary, int SchemaId, string ManifestList)
{
    /// <summary>As it stands in the metadata file, so that rewriting a long history is copying; empty until it is written.</summary>
    internal ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>A count of the summary; 0 when it is missing or no number.</summary>
    internal long Count(string key) => Summary.TryGetValue(key, out var text) && long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0;
}
