using System.Collections.Concurrent;
using System.Globalization;
using Olist.FunctionsHost.Durable.Entities;
using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.Durable.EntityStore;

/// <summary>
/// Entities on disk: immutable segments, and the index of where each entity's newest record is. Index and segments are changed by
/// recovery and checkpoints only, under the lock that is passed in; reads are for several threads.
/// </summary>
sealed class EntityDisk(string folder, Lock gate) : IDisposable
{
    readonly ConcurrentDictionary<int, EntitySegment> _segments = new();
    int _lastNumber;

    public EntityIndex Index { get; } = new();

    public IReadOnlyList<SegmentInfo> Infos => [.. _segments.Values.Select(segment => segment.Info).OrderBy(info => info.Number)];

    public IReadOnlyList<EntitySegment> Segments => [.. _segments.Values.OrderBy(segment => segment.Info.Number)];

    public string PathOf(int number) => Path.Combine(folder, $"entities-{number:D8}.seg");

    public EntitySegmentWriter Begin() => new(PathOf(_lastNumber + 1), ++_lastNumber);

    /// <summary>Reads the indexes of all segments; files that the manifest does not name are what a crash left, and go.</summary>
    /// <param name="onDue">Hash and ticks of every entity that has something to do later.</param>
    /// <exception cref="CorruptStateException">A segment is missing or damaged.</exception>
    public void Recover(IReadOnlyList<SegmentInfo> infos, Action<ulong, long> onDue)
    {
        Directory.CreateDirectory(folder);
        var named = infos.Select(info => PathOf(info.Number)).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder, "entities-*.seg"))
        {
            _lastNumber = Math.Max(_lastNumber, int.Parse(Path.GetFileNameWithoutExtension(path).AsSpan("entities-".Length), NumberStyles.None, CultureInfo.InvariantCulture));
            if (!named.Contains(path)) File.Delete(path);
        }
        foreach (var info in infos) _segments[info.Number] = new EntitySegment(PathOf(info.Number), info);
        foreach (var segment in Segments)
            foreach (var entry in segment.Entries()) Install(segment, entry);
        foreach (var segment in Segments)
            foreach (var entry in segment.Entries())
                if (entry.Due != 0 && Index.Contains(entry.Hash, entry.Location)) onDue(entry.Hash, entry.Due);
    }

    /// <summary>The entity's newest record; null when there is none.</summary>
    public StoredEntity? Read(ulong hash, string id, out long location)
    {
        while (true)
        {
            long[] candidates;
            lock (gate) candidates = Index.Find(hash);
            location = 0;
            var moved = false;
            foreach (var candidate in candidates)
            {
                if (!TryRead(candidate, out var payload))
                {
                    moved = true;
                    break;
                }
                if (EntityCodec.ReadCell(payload, id) is not { } stored) continue;
                location = candidate;
                return stored;
            }
            if (!moved) return null;
        }
    }

    /// <summary>The record at a place that the index gave; false when a merge has moved it since.</summary>
    public bool TryRead(long location, out byte[] payload)
    {
        payload = [];
        if (!_segments.TryGetValue(EntityLocation.SegmentOf(location), out var segment)) return false;
        try
        {
            payload = segment.Read(EntityLocation.OffsetOf(location));
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Makes a finished segment readable; its records count once the index names them.</summary>
    public void Attach(SegmentInfo info) => _segments[info.Number] = new EntitySegment(PathOf(info.Number), info);

    /// <summary>The entity's newest record is now here. Under the lock.</summary>
    /// <param name="old">0: it had none.</param>
    public void Move(ulong hash, long old, long location)
    {
        if (old == 0) Index.Add(hash, location);
        else
        {
            Index.Replace(hash, old, location);
            Segment(old).Live--;
        }
        Segment(location).Live++;
    }

    /// <summary>The entity is gone. Under the lock.</summary>
    public void Remove(ulong hash, long old, long removal)
    {
        if (old != 0)
        {
            Index.Remove(hash, old);
            Segment(old).Live--;
        }
        Segment(removal).Removals++;
    }

    public void Detach(IEnumerable<EntitySegment> segments)
    {
        foreach (var segment in segments)
        {
            _segments.TryRemove(segment.Info.Number, out _);
            segment.Dispose();
            File.Delete(PathOf(segment.Info.Number));
        }
    }

    public void Dispose()
    {
        foreach (var segment in _segments.Values) segment.Dispose();
    }

    EntitySegment Segment(long location) => _segments[EntityLocation.SegmentOf(location)];

    /// <summary>Later segments win. Where a hash may stand for several entities, their ids are compared.</summary>
    void Install(EntitySegment segment, SegmentEntry entry)
    {
        var same = Index.Find(entry.Hash);
        var old = same.Length == 0 ? 0
            : same.Length == 1 && !entry.Collides && !entry.IsRemoval ? same[0]
            : same.FirstOrDefault(candidate => IdAt(candidate) == IdAt(entry.Location));
        if (entry.IsRemoval) Remove(entry.Hash, old, entry.Location);
        else Move(entry.Hash, old, entry.Location);
    }

    /// <summary>Id of the entity of a record.</summary>
    public string IdAt(long location) => EntityCodec.ReadId(Segment(location).Read(EntityLocation.OffsetOf(location)));
}
