using System.Numerics;
using Olist.Formats.Columns;

namespace Olist.Lake.Scans;

/// <summary>Where the rows of each key lie in one row group, by hash: what is left of its key columns once they have been read. Immutable, so safe to use from many threads.</summary>
/// <remarks>About 10 bytes a row, however long the keys are. Two keys may share a hash, so what is found is compared before it counts.</remarks>
sealed class KeyPlaces
{
    readonly int _shift;
    readonly int[] _starts;
    readonly uint[] _hashes;
    readonly int[] _rows;

    KeyPlaces(int shift, int[] starts, uint[] hashes, int[] rows) => (_shift, _starts, _hashes, _rows) = (shift, starts, hashes, rows);

    public int RowCount => _rows.Length;

    public long Bytes => ((long)_starts.Length * sizeof(int)) + ((long)_rows.Length * (sizeof(uint) + sizeof(int)));

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
        var (sorted, rows) = (new uint[hashes.Length], new int[hashes.Length]);
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
        return _hashes.AsSpan(_starts[bucket].._starts[bucket + 1]).Contains(hash);
    }

    /// <summary>Adds the rows that have the hash.</summary>
    public void Find(uint hash, List<int> rows)
    {
        var bucket = hash >> _shift;
        for (var place = _starts[bucket]; place < _starts[bucket + 1]; place++)
            if (_hashes[place] == hash) rows.Add(_rows[place]);
    }

    /// <summary>Adds the rows whose hash is among those of other keys: for more keys than rows.</summary>
    public void FindAnyOf(KeyPlaces keys, List<int> rows)
    {
        for (var place = 0; place < _hashes.Length; place++)
            if (keys.Contains(_hashes[place])) rows.Add(_rows[place]);
    }
}
