using System.Numerics;
using System.Runtime.Intrinsics;
using Olist.Formats.Columns;

namespace Olist.Lake.Scans;

/// <summary>Where the rows of each key lie in one row group, by hash: what is left of its key columns once they have been read. Immutable, so safe to use from many threads.</summary>
/// <remarks>About 10 bytes a row, however long the keys are. Two keys may share a hash, so what is found is compared before it counts.</remarks>
sealed class KeyPlaces
{
    /// <summary>Hashes that are compared at once; as many follow behind the last, so that there is always something to compare.</summary>
    static readonly int AtOnce = Vector256<uint>.Count;

    readonly int _shift;
    readonly int[] _starts;
    readonly uint[] _hashes;
    readonly int[] _rows;

    KeyPlaces(int shift, int[] starts, uint[] hashes, int[] rows) => (_shift, _starts, _hashes, _rows) = (shift, starts, hashes, rows);

    public int RowCount => _rows.Length;

    /// <summary>All rows, by the upper bits of their hashes.</summary>
    public ReadOnlySpan<int> InOrder => _rows;

    public long Bytes => ((long)_starts.Length * sizeof(int)) + ((long)_hashes.Length * sizeof(uint)) + ((long)_rows.Length * sizeof(int));

    /// <param name="hashes">Of each row (<see cref="KeyHash.Of(Column[])"/> of the key columns, in the order in which keys are hashed).</param>
    public static KeyPlaces Of(uint[] hashes)
    {
        // One bucket for about four rows, by the upper bits; rows stay in order within theirs.
        var bits = Math.Max(1, BitOperations.Log2((uint)Math.Max(1, hashes.Length / 4)));
        var shift = 32 - bits;
        var starts = new int[(1 << bits) + 1];
        foreach (var hash in hashes) starts[(hash >> shift) + 1]++;
        for (var bucket = 1; bucket < starts.Length; bucket++) starts[bucket] += starts[bucket - 1];
        var next = starts.AsSpan(0, 1 << bits).ToArray();
        var (sorted, rows) = (new uint[hashes.Length + AtOnce], new int[hashes.Length]);
        for (var row = 0; row < hashes.Length; row++)
        {
            var place = next[hashes[row] >> shift]++;
            (sorted[place], rows[place]) = (hashes[row], row);
        }
        return new KeyPlaces(shift, starts, sorted, rows);
    }

    public bool Contains(uint hash)
    {
        var bucket = hash >> _shift;
        for (int place = _starts[bucket], end = _starts[bucket + 1]; place < end; place += AtOnce)
            if (Equal(place, end, hash) != 0) return true;
        return false;
    }

    /// <summary>Adds the rows that have the hash.</summary>
    public void Find(uint hash, List<int> rows)
    {
        var bucket = hash >> _shift;
        for (int place = _starts[bucket], end = _starts[bucket + 1]; place < end; place += AtOnce)
            for (var equal = Equal(place, end, hash); equal != 0; equal &= equal - 1) rows.Add(_rows[place + BitOperations.TrailingZeroCount(equal)]);
    }

    /// <summary>Which of some places have the hash, a bit for each. Nearly all buckets are seen at once: their lengths are not known before, and guessing them wrong would cost more than comparing too much.</summary>
    uint Equal(int place, int end, uint hash) =>
        Vector256.Equals(Vector256.Create(_hashes.AsSpan(place)), Vector256.Create(hash)).ExtractMostSignificantBits() & (uint)((1UL << Math.Min(end - place, AtOnce)) - 1);

    /// <summary>Adds the rows whose hash is among those of other keys: for more keys than rows.</summary>
    public void FindAnyOf(KeyPlaces keys, List<int> rows)
    {
        for (var place = 0; place < _rows.Length; place++)
            if (keys.Contains(_hashes[place])) rows.Add(_rows[place]);
    }
}
