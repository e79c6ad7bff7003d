using Olist.FunctionsHost.Durable.Entities;

namespace Olist.FunctionsHost.Durable.EntityStore;

/// <summary>
/// Copies what is still an entity's newest record from some segments to a new one. A removal goes along as long as an older segment may
/// hold a record of its entity.
/// </summary>
sealed class SegmentMerge(EntitySet entities, Lock gate, IReadOnlyList<EntitySegment> chosen)
{
    const int SegmentsPerTier = 8;
    const long SmallestTier = 256 << 10;
    const long LargestMerge = 256L << 20;
    const int RecordsAtOnce = 256;

    readonly List<(ulong Hash, long Old, long New)> _moved = [];
    readonly List<long> _removals = [];

    /// <summary>Segments of which more than half is old; else many of about one size, so that there are few files. Empty: all is well.</summary>
    public static List<EntitySegment> Choose(IReadOnlyList<EntitySegment> segments)
    {
        var chosen = new List<EntitySegment>();
        var bytes = 0L;
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            var needed = segment.Live + (i == 0 ? 0 : segment.Removals);
            if (needed * 2L >= segment.Info.Records || bytes + segment.LiveBytes > LargestMerge) continue;
            chosen.Add(segment);
            bytes += segment.LiveBytes;
        }
        if (chosen.Count > 0) return chosen;
        return segments.Where(segment => segment.LiveBytes < LargestMerge / SegmentsPerTier).GroupBy(TierOf)
            .Where(tier => tier.Count() >= SegmentsPerTier).Select(tier => tier.Take(SegmentsPerTier).ToList()).FirstOrDefault() ?? [];
    }

    /// <summary>Null when nothing is left.</summary>
    public SegmentInfo? Write(bool toDisk)
    {
        using var writer = entities.Disk.Begin();
        var oldest = entities.Disk.Segments.First(segment => !chosen.Contains(segment) || segment == chosen[^1]).Info.Number;
        foreach (var segment in chosen)
            foreach (var entries in segment.Entries().Chunk(RecordsAtOnce))
            {
                foreach (var entry in Needed(entries, segment.Info.Number > oldest))
                {
                    var payload = segment.Read(EntityLocation.OffsetOf(entry.Location));
                    if (entry.IsRemoval && IsBack(entry.Hash, EntityCodec.ReadId(payload))) continue;
                    var location = writer.Add(payload, entry.Hash, entry.IsRemoval, entry.Collides || IsShared(entry.Hash), entry.Due);
                    if (entry.IsRemoval) _removals.Add(location);
                    else _moved.Add((entry.Hash, entry.Location, location));
                }
                if (writer.Buffered > 1 << 20) writer.Flush();
            }
        if (writer.Count > 0) return writer.Finish(toDisk);
        writer.Dispose();
        File.Delete(writer.Path);
        return null;
    }

    /// <summary>The new places count. The old segments may go.</summary>
    public void Settle()
    {
        var cells = new List<EntityCell>();
        foreach (var moved in _moved.Chunk(RecordsAtOnce))
            lock (gate)
                foreach (var (hash, old, location) in moved)
                {
                    entities.Disk.Move(hash, old, location);
                    cells.Clear();
                    entities.Table.Collect(hash, hash, cells);
                    foreach (var cell in cells)
                        if (cell.Location == old) cell.Location = location;
                }
        foreach (var removal in _removals) entities.Disk.Remove(0, 0, removal);
    }

    List<SegmentEntry> Needed(SegmentEntry[] entries, bool keepsRemovals)
    {
        lock (gate) return [.. entries.Where(entry => entry.IsRemoval ? keepsRemovals : entities.Disk.Index.Contains(entry.Hash, entry.Location))];
    }

    /// <summary>Whether the entity of a removal has a newer record.</summary>
    bool IsBack(ulong hash, string id) => entities.Disk.Read(hash, id, out _) is not null;

    bool IsShared(ulong hash)
    {
        lock (gate) return entities.Disk.Index.Find(hash).Length > 1;
    }

    static int TierOf(EntitySegment segment)
    {
        var tier = 0;
        for (var bytes = segment.LiveBytes; bytes > SmallestTier; bytes /= 4) tier++;
        return tier;
    }
}
