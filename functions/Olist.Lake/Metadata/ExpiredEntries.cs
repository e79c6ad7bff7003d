using System.Text.Json;

namespace Olist.Lake.Metadata;

/// <summary>
/// Summary entries (offsets, watermarks) of snapshots that expired, so that they are found from every snapshot that is left, also after main was moved back to one.
/// The table property <see cref="TableProperties.ExpiredEntries"/> is a JSON object: for each expired snapshot that is the parent of a listed one, what was in reach there.
/// </summary>
static class ExpiredEntries
{
    /// <summary>Entries that say something of one commit only mean nothing later.</summary>
    public static bool MustStay(string key, IReadOnlyList<string> prefixes) => key is not (SummaryKeys.CommitId or SummaryKeys.Merge) && prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The entry as it was at a snapshot that expired; null: it had none, or nothing was noted of it.</summary>
    /// <exception cref="CorruptTableException">The property is not what expiry writes.</exception>
    public static string? Find(TableMetadata metadata, long expired, string key) => Read(metadata)?.GetValueOrDefault(expired)?.GetValueOrDefault(key);

    /// <summary>The metadata <paramref name="after"/> snapshots were taken out, with what was in reach only through them in <paramref name="before"/>.</summary>
    /// <exception cref="CorruptTableException">The property is not what expiry writes.</exception>
    public static TableMetadata Note(TableMetadata before, TableMetadata after, IReadOnlyList<string> prefixes)
    {
        var known = Read(before);
        var listed = after.Snapshots.Select(snapshot => snapshot.SnapshotId).ToHashSet();
        var notes = new SortedDictionary<long, Dictionary<string, string>>();
        foreach (var snapshot in after.Snapshots)
            if (snapshot.ParentId is { } parent && !listed.Contains(parent) && !notes.ContainsKey(parent) && InReach(before, known, parent, key => MustStay(key, prefixes)) is { Count: > 0 } entries) notes[parent] = entries;
        if (notes.Count == 0 && known is null) return after;
        var properties = new Dictionary<string, string>(after.Properties, StringComparer.Ordinal);
        if (notes.Count == 0) properties.Remove(TableProperties.ExpiredEntries);
        else properties[TableProperties.ExpiredEntries] = JsonSerializer.Serialize(notes);
        return after with { Properties = properties };
    }

    /// <summary>The newest value of each entry of a snapshot and its ancestors, expired ones too.</summary>
    /// <exception cref="CorruptTableException">The property is not what expiry writes.</exception>
    public static Dictionary<string, string> InReach(TableMetadata metadata, long snapshotId, string prefix) =>
        InReach(metadata, Read(metadata), snapshotId, key => key.StartsWith(prefix, StringComparison.Ordinal));

    static Dictionary<string, string> InReach(TableMetadata metadata, Dictionary<long, Dictionary<string, string>>? known, long snapshotId, Func<string, bool> isAsked)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        long? end = snapshotId;
        foreach (var snapshot in metadata.AncestorsOf(snapshotId))
        {
            Take(snapshot.Summary);
            end = snapshot.ParentId;
        }
        if (end is { } gone && known?.GetValueOrDefault(gone) is { } noted) Take(noted);
        return found;

        void Take(IEnumerable<KeyValuePair<string, string>> entries)
        {
            foreach (var (key, value) in entries)
                if (isAsked(key)) found.TryAdd(key, value);
        }
    }

    static Dictionary<long, Dictionary<string, string>>? Read(TableMetadata metadata)
    {
        if (!metadata.Properties.TryGetValue(TableProperties.ExpiredEntries, out var text)) return null;
        try
        {
            return JsonSerializer.Deserialize<Dictionary<long, Dictionary<string, string>>>(text);
        }
        catch (JsonException error)
        {
            throw new CorruptTableException($"Table at {metadata.Location}: property {TableProperties.ExpiredEntries} is '{text}', and not what expiry writes. It holds offsets and watermarks of expired snapshots: restore it from an earlier metadata file.", error);
        }
    }
}
