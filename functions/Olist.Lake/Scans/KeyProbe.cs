using System.Buffers;
using System.Runtime.InteropServices;
using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Lake.Schemas;

namespace Olist.Lake.Scans;

/// <summary>The keys of a look-up, prepared for asking row groups which of them they may hold. Safe to use from many threads.</summary>
/// <remarks>A key is as good as its weakest column: one column out of bounds, or excluded by a bloom filter, rules the whole key out.</remarks>
sealed class KeyProbe
{
    readonly Column[] _keys;
    readonly Lazy<FilterKeys?[]> _filterKeys;
    readonly uint[] _hashes;
    readonly KeyPlaces _places;
    readonly byte[] _all;

    /// <summary>What bloom filters know the keys of one column by, and the keys, by the upper bits of these hashes: so asked, thousands of keys walk through a filter once instead of all over it.</summary>
    sealed record FilterKeys(ulong[] Hashes, int[] Keys);

    /// <param name="columns">The key columns as the table has them.</param>
    /// <param name="keys">Their values.</param>
    public KeyProbe(ColumnSchema[] columns, RowBatch keys)
    {
        Columns = columns;
        Index = new KeyIndex([.. keys.Columns]);
        _keys = Index.DistinctCount == keys.RowCount ? [.. keys.Columns] : [.. keys.Gather(Index.Group().FirstRowOfGroup).Columns];
        _hashes = KeyHash.Of(_keys);
        _places = KeyPlaces.Of(_hashes);
        _all = new byte[_hashes.Length];
        _all.AsSpan().Fill(1);
        // Groups whose rows are known ask no filter.
        _filterKeys = new(() => Array.ConvertAll(_keys, FilterKeysOf));
    }

    public ColumnSchema[] Columns { get; }

    /// <summary>Distinct keys.</summary>
    public int Count => _hashes.Length;

    /// <summary>All key columns.</summary>
    public KeyIndex Index { get; }

    /// <summary>Which keys the bounds of a row group allow, 1 for each; null when none.</summary>
    public byte[]? WithinBounds(ParquetReader reader, int group)
    {
        if (!Array.Exists(_keys, HasBounds)) return _all;
        var possible = (byte[])_all.Clone();
        for (var i = 0; i < Columns.Length; i++) RestrictToBounds(reader, group, i, possible);
        return possible.AsSpan().Contains((byte)1) ? possible : null;
    }

    /// <summary>Whether all rows of a group have one and the same key, which is among these, so that none need be compared: a group of a table that is looked up by what it is sorted by.</summary>
    public bool IsOfOneKey(ParquetReader reader, int group)
    {
        // Many keys are ids, of which each row has its own.
        const int Few = 64;
        if (Count > Few) return false;
        var key = new Column[Columns.Length];
        for (var i = 0; i < key.Length; i++)
        {
            // Equal bounds are no cut ones: what is cut lies above its lower bound and below its upper one. Of floats some are equal without being the same, and decimals have several spellings.
            if (Columns[i].Type.Kind is TypeKind.Float or TypeKind.Double or TypeKind.Decimal || reader.Statistics(group, Columns[i].FieldId) is not { NullCount: 0, Min: { } min, Max: { } max } statistics
                || statistics.Type != Columns[i].Type || !min.AsSpan().SequenceEqual(max)) return false;
            key[i] = ValueSet.ToColumn(statistics.Type, SingleValue.OfPlain(statistics.Type, min));
        }
        return Index.FindAll(key)[0] >= 0;
    }

    /// <summary>Whether the bloom filters of a row group allow any of the possible keys.</summary>
    /// <param name="rows">Of the group.</param>
    /// <param name="possible">As the bounds left it.</param>
    /// <param name="filterOf">Gives the bloom filter of a key column there, or null.</param>
    public async ValueTask<bool> MayHoldAsync(long rows, byte[] possible, Func<ColumnSchema, ValueTask<ParquetBloomFilter?>> filterOf)
    {
        // A filter costs about as much as the keys it is asked for: with more keys than rows the rows are read at once.
        if (Count > rows) return true;
        possible = (byte[])possible.Clone();
        for (var i = 0; i < Columns.Length && possible.AsSpan().Contains((byte)1); i++)
            if (_filterKeys.Value[i] is { } keys && await filterOf(Columns[i]) is { } filter) Restrict(filter, keys, possible);
        return possible.AsSpan().Contains((byte)1);
    }

    /// <summary>Rows of a group that may have one of the possible keys, in order.</summary>
    public int[] Candidates(KeyPlaces group, byte[] possible)
    {
        var rows = new List<int>();
        if (Count > group.RowCount) group.FindAnyOf(_places, rows);
        else
            // In the order of the buckets of every group: asking thousands of keys walks through its memory once.
            foreach (var key in _places.InOrder)
                if (possible[key] != 0) group.Find(_hashes[key], rows);
        var candidates = CollectionsMarshal.AsSpan(rows);
        // Rows of one key come in order: sorted again, those of a whole month would cost more than finding them.
        if (!IsSorted(candidates)) candidates.Sort();
        // Two keys may have one hash.
        var count = 0;
        foreach (var row in candidates)
            if (count == 0 || candidates[count - 1] != row) candidates[count++] = row;
        return candidates[..count].ToArray();
    }

    static bool IsSorted(ReadOnlySpan<int> rows)
    {
        for (var i = 1; i < rows.Length; i++)
            if (rows[i] < rows[i - 1]) return false;
        return true;
    }

    static bool HasBounds(Column keys) => keys is ValueColumn<long> { Type.Kind: not TypeKind.Decimal };

    /// <summary>By the bounds of a column that lies in memory as numbers; bounds of ids, which are random, exclude nothing that the bloom filter would not.</summary>
    void RestrictToBounds(ParquetReader reader, int group, int column, byte[] possible)
    {
        if (!HasBounds(_keys[column]) || _keys[column] is not ValueColumn<long> keys || reader.Statistics(group, Columns[column].FieldId) is not { Min: { Length: 8 } min, Max: { Length: 8 } max } statistics) return;
        var (least, most) = (SingleValue.ToLong(min), SingleValue.ToLong(max));
        var values = keys.Span;
        for (var key = 0; key < possible.Length; key++)
            if (keys.IsNull(key) ? statistics.NullCount == 0 : values[key] < least || values[key] > most) possible[key] = 0;
    }

    static void Restrict(ParquetBloomFilter filter, FilterKeys known, byte[] possible)
    {
        var may = ArrayPool<byte>.Shared.Rent(known.Keys.Length);
        filter.Test(known.Hashes, may);
        for (var i = 0; i < known.Keys.Length; i++) possible[known.Keys[i]] &= may[i];
        ArrayPool<byte>.Shared.Return(may);
    }

    static FilterKeys? FilterKeysOf(Column column)
    {
        if (FilterHashesOf(column) is not { } all) return null;
        // Filters choose their blocks by the upper half.
        var keys = KeyPlaces.Of(Array.ConvertAll(all, hash => (uint)(hash >> 32))).InOrder.ToArray();
        // They know nothing of nulls.
        if (column.CountNulls() > 0) keys = Array.FindAll(keys, key => !column.IsNull(key));
        return new FilterKeys(Array.ConvertAll(keys, key => all[key]), keys);
    }

    /// <summary>What bloom filters know the values by; null for types that get none.</summary>
    static ulong[]? FilterHashesOf(Column keys)
    {
        var hashes = new ulong[keys.Count];
        switch (keys)
        {
            case BytesColumn { Type.Kind: TypeKind.String or TypeKind.Uuid } bytes:
                for (var key = 0; key < hashes.Length; key++) hashes[key] = ParquetBloomFilter.HashOf(bytes[key]);
                return hashes;
            case ValueColumn<long> { Type.Kind: not TypeKind.Decimal } longs:
                for (var key = 0; key < hashes.Length; key++) hashes[key] = ParquetBloomFilter.HashOf(MemoryMarshal.AsBytes(longs.Span.Slice(key, 1)));
                return hashes;
            case ValueColumn<int> { Type.Kind: not TypeKind.Decimal } ints:
                for (var key = 0; key < hashes.Length; key++) hashes[key] = ParquetBloomFilter.HashOf(MemoryMarshal.AsBytes(ints.Span.Slice(key, 1)));
                return hashes;
            default:
                return null;
        }
    }
}
