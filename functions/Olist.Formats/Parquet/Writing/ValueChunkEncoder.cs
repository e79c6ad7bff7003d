using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Olist.Formats.Columns;
using Olist.Formats.Parquet.Encodings;
using Olist.Formats.Parquet.Indexes;
using Olist.Formats.Parquet.Metadata;

namespace Olist.Formats.Parquet.Writing;

/// <summary>Encodes a column of numbers.</summary>
/// <typeparam name="T">The number in the file.</typeparam>
/// <typeparam name="TBits">An integer of the same size.</typeparam>
abstract class ValueChunkEncoder<T, TBits>(ColumnSchema column, ParquetWriterOptions options) : ChunkEncoder(column, options)
    where T : unmanaged
    where TBits : unmanaged, IBinaryInteger<TBits>
{
    readonly ValueDictionary<TBits> _dictionary = new();
    readonly List<ulong> _plainHashes = [];
    T[] _dense = [];
    int[] _codes = [];
    bool _hasDictionary;
    bool _isFirstPage;

    protected override void Reset()
    {
        base.Reset();
        _dictionary.Clear();
        _plainHashes.Clear();
        _hasDictionary = true;
        _isFirstPage = true;
    }

    protected abstract ValueStatistics Measure(ReadOnlySpan<T> values);

    /// <summary>Copies the values of a run that are not null.</summary>
    /// <returns>How many.</returns>
    protected virtual int Gather(ColumnRun run, Span<T> target)
    {
        var values = ((ValueColumn<T>)run.Column).Values.AsSpan(run.Start, run.Count);
        if (run.Column.Validity is { } validity) return Compaction.Compact(values, validity.AsSpan(run.Start, run.Count), target);
        values.CopyTo(target);
        return run.Count;
    }

    protected override int FitRows(Column column, int start, int count, ref long roomBytes)
    {
        var fit = (int)Math.Min(count, roomBytes / Unsafe.SizeOf<T>());
        roomBytes -= (long)fit * Unsafe.SizeOf<T>();
        return fit;
    }

    protected override PageEncoding EncodeValues(List<ColumnRun> runs, int valueCount, ByteBuffer body, out ValueStatistics statistics)
    {
        var rows = 0;
        foreach (var run in runs) rows += run.Count;
        if (_dense.Length < rows) _dense = GC.AllocateUninitializedArray<T>(rows);
        var filled = 0;
        foreach (var run in runs) filled += Gather(run, _dense.AsSpan(filled, rows - filled));
        var values = _dense.AsSpan(0, valueCount);
        statistics = valueCount > 0 ? Measure(values) : default;
        if (_hasDictionary && valueCount > 0 && TryEncodeByDictionary(values, body)) return PageEncoding.RleDictionary;
        body.Write(MemoryMarshal.AsBytes(values));
        if (WantsBloomFilter)
            foreach (var value in values) _plainHashes.Add(HashOf(value));
        return PageEncoding.Plain;
    }

    bool TryEncodeByDictionary(ReadOnlySpan<T> values, ByteBuffer body)
    {
        if (_codes.Length < values.Length) _codes = GC.AllocateUninitializedArray<int>(values.Length);
        var codes = _codes.AsSpan(0, values.Length);
        _dictionary.Encode(MemoryMarshal.Cast<T, TBits>(values), codes);
        var width = BitPacking.WidthOfCodes(_dictionary.Count);
        var dictionaryBytes = (long)_dictionary.Count * Unsafe.SizeOf<T>();
        var isFirst = _isFirstPage;
        _isFirstPage = false;
        if (isFirst && !DictionaryRule.Pays(values.Length, width, dictionaryBytes, (long)values.Length * Unsafe.SizeOf<T>()))
        {
            _hasDictionary = false;
            _dictionary.Clear();
            return false;
        }
        if (dictionaryBytes > Options.DictionaryBytes) _hasDictionary = false;
        body.WriteByte((byte)width);
        RleBitPackedWriter.Write(codes, width, body);
        return true;
    }

    protected override int WriteDictionary(ByteBuffer body)
    {
        body.Write(MemoryMarshal.AsBytes(_dictionary.Entries));
        return _dictionary.Count;
    }

    protected override byte[]? BuildBloomFilter()
    {
        foreach (var entry in _dictionary.Entries) _plainHashes.Add(HashOf(entry));
        return BloomFilter.Build(CollectionsMarshal.AsSpan(_plainHashes), Options.BloomFilterFalsePositives);
    }

    static ulong HashOf<TValue>(TValue value) where TValue : unmanaged => BloomFilter.Hash(MemoryMarshal.AsBytes(new ReadOnlySpan<TValue>(in value)));
}
