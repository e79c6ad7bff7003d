using System.Numerics;

namespace Olist.Formats.Columns;

/// <summary>Finds rows by the values of one or more columns: the hash table behind joins, merges and look-ups.</summary>
/// <remarks>Two nulls are equal. Immutable, so safe to read from many threads.
/// Cost: one hash per row and key column; 12 bytes per row beside the columns themselves.</remarks>
public sealed class KeyIndex
{
    readonly Column[] _columns;
    readonly int[] _buckets;
    readonly int[] _next;
    readonly uint[] _hashes;
    readonly int _mask;

    /// <summary>Indexes every row of the columns.</summary>
    public KeyIndex(params Column[] columns)
    {
        ArgumentOutOfRangeException.ThrowIfZero(columns.Length);
        _columns = columns;
        var count = columns[0].Count;
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, count + (count >> 1)));
        _mask = size - 1;
        _buckets = new int[size];
        _next = new int[count];
        _hashes = KeyHash.Of(columns);
        Firsts = new int[count];
        Build(count);
    }

    /// <summary>The first row with the key of row i, for every i: i itself where the key is new.</summary>
    public int[] Firsts { get; }

    /// <summary>Distinct keys.</summary>
    public int DistinctCount { get; private set; }

    void Build(int count)
    {
        // Chains hold only the first row of each key: a popular key costs no more than a rare one.
        for (var row = 0; row < count; row++)
        {
            var hash = _hashes[row];
            ref var slot = ref _buckets[hash & (uint)_mask];
            var first = FindFirst(slot - 1, hash, _columns, row);
            if (first >= 0)
            {
                Firsts[row] = first;
                continue;
            }
            Firsts[row] = row;
            _next[row] = slot - 1;
            slot = row + 1;
            DistinctCount++;
        }
    }

    /// <summary>Numbers the distinct keys 0, 1, ... in order of appearance.</summary>
    /// <returns>The number of each row's key, and the first row of each number.</returns>
    public (int[] GroupOfRow, int[] FirstRowOfGroup) Group()
    {
        var groups = new int[Firsts.Length];
        var firstRows = new int[DistinctCount];
        var next = 0;
        for (var row = 0; row < groups.Length; row++)
        {
            if (Firsts[row] == row)
            {
                firstRows[next] = row;
                groups[row] = next++;
            }
            else groups[row] = groups[Firsts[row]];
        }
        return (groups, firstRows);
    }

    /// <summary>The same for one column; where it has a dictionary, values are not looked at.</summary>
    public static (int[] GroupOfRow, int[] FirstRowOfGroup) GroupOf(Column column)
    {
        if (column is not BytesColumn { Codes: { } codes, Validity: null } coded) return new KeyIndex(column).Group();
        var groupOf = new int[coded.Dictionary!.Count];
        groupOf.AsSpan().Fill(-1);
        var groups = new int[coded.Count];
        var firstRows = new List<int>();
        for (var row = 0; row < groups.Length; row++)
        {
            ref var group = ref groupOf[codes[row]];
            if (group < 0)
            {
                group = firstRows.Count;
                firstRows.Add(row);
            }
            groups[row] = group;
        }
        return (groups, [.. firstRows]);
    }

    int FindFirst(int candidate, uint hash, Column[] probe, int probeRow)
    {
        while (candidate >= 0)
        {
            if (_hashes[candidate] == hash && KeyHash.AreEqual(_columns, candidate, probe, probeRow)) return candidate;
            candidate = _next[candidate];
        }
        return -1;
    }

    /// <summary>The first indexed row whose key equals that of <paramref name="row"/> in <paramref name="probe"/>, or -1.</summary>
    public int Find(Column[] probe, int row)
    {
        var hash = KeyHash.Of(probe, row);
        return FindFirst(_buckets[hash & (uint)_mask] - 1, hash, probe, row);
    }

    /// <summary><see cref="Find(Column[], int)"/> for all rows of the probe.</summary>
    public int[] FindAll(params Column[] probe)
    {
        var found = new int[probe[0].Count];
        var hashes = KeyHash.Of(probe);
        for (var row = 0; row < found.Length; row++)
            found[row] = FindFirst(_buckets[hashes[row] & (uint)_mask] - 1, hashes[row], probe, row);
        return found;
    }
}
