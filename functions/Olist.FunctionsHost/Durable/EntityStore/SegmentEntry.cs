using System.Buffers.Binary;

namespace Olist.FunctionsHost.Durable.EntityStore;

/// <summary>A line of a segment's index: <c>hash: u64 | location and flags: u64 | due ticks: i64</c>.</summary>
/// <param name="Location">Segment number and offset, see <see cref="EntityLocation"/>.</param>
/// <param name="IsRemoval">The record says that the entity is gone.</param>
/// <param name="Collides">Another entity had the same hash: ids must be compared.</param>
/// <param name="Due">Ticks at which the entity has something to do; 0 is never.</param>
readonly record struct SegmentEntry(ulong Hash, long Location, bool IsRemoval, bool Collides, long Due)
{
    public const int Bytes = 24;
    const long Removal = 1L << 62, Collision = 1L << 61;

    public void Write(Span<byte> span)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(span, Hash);
        BinaryPrimitives.WriteInt64LittleEndian(span[8..], EntityLocation.OffsetOf(Location) | (IsRemoval ? Removal : 0) | (Collides ? Collision : 0));
        BinaryPrimitives.WriteInt64LittleEndian(span[16..], Due);
    }

    public static SegmentEntry Read(ReadOnlySpan<byte> span, int segment)
    {
        var where = BinaryPrimitives.ReadInt64LittleEndian(span[8..]);
        return new SegmentEntry(BinaryPrimitives.ReadUInt64LittleEndian(span), EntityLocation.Of(segment, where & ~(Removal | Collision)),
            (where & Removal) != 0, (where & Collision) != 0, BinaryPrimitives.ReadInt64LittleEndian(span[16..]));
    }
}

/// <summary>Segment number (23 bits) and offset (40 bits) in one number; never 0, as offsets begin behind the file's head.</summary>
static class EntityLocation
{
    const int OffsetBits = 40;

    public static long Of(int segment, long offset) => ((long)segment << OffsetBits) | offset;

    public static int SegmentOf(long location) => (int)(location >> OffsetBits);

    public static long OffsetOf(long location) => location & ((1L << OffsetBits) - 1);
}
