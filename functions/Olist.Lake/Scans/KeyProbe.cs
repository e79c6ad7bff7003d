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
    readonly ulong[]?[] _hashes;
    readonly KeyIndex _selective;

    /// <param name="columns">The key columns as the table has them.</param>
    /// <param name="keys">Their values.</param>
    public KeyProbe(ColumnSchema[] columns, RowBatch keys)
    {
        Columns = columns;
        _keys = [.. keys.Columns];
        Index = new KeyIndex(_keys);
        _hashes = Array.ConvertAll(_keys, HashesOf);
        var indexes = _keys.Length == 1 ? [Index] : Array.ConvertAll(_keys, column => new KeyIndex(column));
        for (var i = 1; i < indexes.Length; i++)
            if (Selectivity(i).CompareTo(Selectivity(MostSelective)) > 0) MostSelective = i;
        _selective = indexes[MostSelective];

        // Text before numbers: an id is nearly a key by itself, while many rows share a time or a price.
        (bool IsText, int Distinct) Selectivity(int column) => (_keys[column] is BytesColumn, indexes[column].DistinctCount);
    }

    public ColumnSchema[] Columns { get; }

    public int Count => _keys[0].Count;

    /// <summary>All key columns.</summary>
    public KeyIndex Index { get; }

    /// <summary>Place of the key column that alone leaves the fewest rows: the one with the most different values, ids first.</summary>
    public int MostSelective { get; }

    /// <summary>Rows whose value of the most selective column is that of some key.</summary>
    public int[] Candidates(Column values)
    {
        var found = _selective.FindAll(values);
        var count = 0;
        for (var row = 0; row < found.Length; row++)
            if (found[row] >= 0) found[count++] = row;
        return found[..count];
    }

    /// <summary>Whether a row group may hold any of the keys.</summary>
    /// <param name="reader">Of its file.</param>
    /// <param name="group">Which one.</param>
    /// <param name="filterOf">Gives the bloom filter of a key column there, or null.</param>
    public async ValueTask<bool> MayBeInAsync(ParquetReader reader, int group, Func<ColumnSchema, ValueTask<ParquetBloomFilter?>> filterOf)
    {
        var possible = new byte[Count];
        possible.AsSpan().Fill(1);
        for (var i = 0; i < Columns.Length; i++) RestrictToBounds(reader, group, i, possible);
        // A filter costs about as much as the keys it is asked for: with more keys than rows the rows are read at once.
        if (Count > reader.RowsIn(group)) return possible.AsSpan().Contains((byte)1);
        for (var i = 0; i < Columns.Length && possible.AsSpan().Contains((byte)1); i++)
            if (_hashes[i] is { } hashes && await filterOf(Columns[i]) is { } filter) Restrict(filter, hashes, _keys[i], possible);
        return possible.AsSpan().Contains((byte)1);
    }

    /// <summary>By the bounds of a column that lies in memory as numbers; bounds of ids, which are random, exclude nothing that the bloom filter would not.</summary>
    void RestrictToBounds(ParquetReader reader, int group, int column, byte[] possible)
    {
        if (_keys[column] is not ValueColumn<long> { Type.Kind: not TypeKind.Decimal } keys || reader.Statistics(group, Columns[column].FieldId) is not { Min: { Length: 8 } min, Max: { Length: 8 } max } statistics) return;
        var (least, most) = (SingleValue.ToLong(min), SingleValue.ToLong(max));
        var values = keys.Span;
        for (var key = 0; key < possible.Length; key++)
            if (keys.IsNull(key) ? statistics.NullCount == 0 : values[key] < least || values[key] > most) possible[key] = 0;
    }

    static void Restrict(ParquetBloomFilter filter, ulong[] hashes, Column keys, byte[] possible)
    {
        for (var key = 0; key < possible.Length; key++)
            if (possible[key] != 0 && !keys.IsNull(key) && !filter.MayContain(hashes[key])) possible[key] = 0;
    }

    /// <summary>What bloom filters know the values by; null for types that get none.</summary>
    static ulong[]? HashesOf(Column keys)
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
