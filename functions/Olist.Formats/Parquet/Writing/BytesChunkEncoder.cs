using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Olist.Formats.Columns;
using Olist.Formats.Parquet.Encodings;
using Olist.Formats.Parquet.Indexes;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Schema;

namespace Olist.Formats.Parquet.Writing;

/// <summary>Encodes text, binary and fixed-length values. A column that has a dictionary already is translated entry by entry, not row by row.</summary>
sealed class BytesChunkEncoder(ColumnSchema column, ParquetWriterOptions options) : ChunkEncoder(column, options)
{
    readonly int _fixedLength = WrittenSchema.FixedLengthOf(column.Type);
    readonly BytesDictionary _dictionary = new();
    readonly List<ulong> _plainHashes = [];
    readonly byte[] _fixedValue = new byte[WrittenSchema.FixedLengthOf(column.Type)];
    int[] _codes = [];
    int[] _lastPageOfCode = [];
    int _page;
    bool _hasDictionary;

    BytesColumn? _translated;
    int[] _translation = [];

    protected override void Reset()
    {
        base.Reset();
        _dictionary.Clear();
        _plainHashes.Clear();
        _translated = null;
        _hasDictionary = true;
        Array.Clear(_lastPageOfCode);
        _page = 0;
    }

    protected override int FitRows(Column column, int start, int count, ref long roomBytes)
    {
        var bytes = (BytesColumn)column;
        var perValue = _fixedLength > 0 ? 0 : 4;
        var offsets = bytes.Offsets;
        for (var i = 0; i < count; i++)
        {
            var entry = bytes.Codes is { } codes ? codes[start + i] : start + i;
            // A code of a null row need not be an entry.
            var length = bytes.Codes is not null && bytes.IsNull(start + i) ? 0 : offsets[entry + 1] - offsets[entry] + perValue;
            if (length > roomBytes) return i;
            roomBytes -= length;
        }
        return count;
    }

    protected override PageEncoding EncodeValues(List<ColumnRun> runs, int valueCount, ByteBuffer body, out ValueStatistics statistics)
    {
        _page++;
        var extremes = new BytesExtremes(Column.Type);
        if (_hasDictionary && valueCount > 0 && TryEncodeByDictionary(runs, valueCount, body, ref extremes))
        {
            statistics = extremes.ToStatistics();
            return PageEncoding.RleDictionary;
        }
        foreach (var run in runs) WritePlain(run, body, ref extremes);
        statistics = extremes.ToStatistics();
        return PageEncoding.Plain;
    }

    bool TryEncodeByDictionary(List<ColumnRun> runs, int valueCount, ByteBuffer body, ref BytesExtremes extremes)
    {
        if (_codes.Length < valueCount) _codes = GC.AllocateUninitializedArray<int>(valueCount);
        var codes = _codes.AsSpan(0, valueCount);
        var isFirst = _dictionary.Count == 0;
        var filled = 0;
        foreach (var run in runs) filled += FindCodes(run, codes[filled..]);
        var width = BitPacking.WidthOfCodes(_dictionary.Count);
        var perEntry = _fixedLength > 0 ? 0 : 4;
        var dictionaryBytes = _dictionary.DataBytes + (long)_dictionary.Count * perEntry;
        if (isFirst)
        {
            long plainBytes = 0;
            foreach (var code in codes) plainBytes += _dictionary[code].Length + perEntry;
            if (!DictionaryRule.Pays(valueCount, width, dictionaryBytes, plainBytes))
            {
                _hasDictionary = false;
                _dictionary.Clear();
                return false;
            }
        }
        if (dictionaryBytes > Options.DictionaryBytes) _hasDictionary = false;
        Measure(codes, ref extremes);
        body.WriteByte((byte)width);
        RleBitPackedWriter.Write(codes, width, body);
        return true;
    }

    int FindCodes(ColumnRun run, Span<int> codes)
    {
        var column = (BytesColumn)run.Column;
        var validity = column.Validity;
        var filled = 0;
        if (column.Codes is { } source)
        {
            Translate(column);
            for (var row = run.Start; row < run.Start + run.Count; row++)
            {
                if (validity is not null && validity[row] == 0) continue;
                ref var code = ref _translation[source[row]];
                if (code < 0) code = _dictionary.CodeOf(Normalize(column.Dictionary![source[row]]));
                codes[filled++] = code;
            }
            return filled;
        }
        for (var row = run.Start; row < run.Start + run.Count; row++)
            if (validity is null || validity[row] != 0) codes[filled++] = _dictionary.CodeOf(Normalize(column[row]));
        return filled;
    }

    void Translate(BytesColumn column)
    {
        if (ReferenceEquals(_translated, column.Dictionary)) return;
        _translated = column.Dictionary;
        if (_translation.Length < column.Dictionary!.Count) _translation = new int[column.Dictionary.Count];
        _translation.AsSpan(0, column.Dictionary.Count).Fill(-1);
    }

    /// <summary>Extremes of the page, looking at each entry once however often it occurs.</summary>
    void Measure(ReadOnlySpan<int> codes, ref BytesExtremes extremes)
    {
        if (_lastPageOfCode.Length < _dictionary.Count) Array.Resize(ref _lastPageOfCode, Math.Max(64, 2 * _dictionary.Count));
        foreach (var code in codes)
        {
            if (_lastPageOfCode[code] == _page) continue;
            _lastPageOfCode[code] = _page;
            extremes.Add(_dictionary[code]);
        }
    }

    void WritePlain(ColumnRun run, ByteBuffer body, ref BytesExtremes extremes)
    {
        var column = (BytesColumn)run.Column;
        if (_fixedLength == 0 && column.Codes is null && !WantsBloomFilter)
        {
            WritePlainText(column, run, body, ref extremes);
            return;
        }
        for (var row = run.Start; row < run.Start + run.Count; row++)
        {
            if (column.IsNull(row)) continue;
            var value = Normalize(column[row]);
            extremes.Add(value);
            if (_fixedLength == 0) body.WriteInt32(value.Length);
            body.Write(value);
            if (WantsBloomFilter) _plainHashes.Add(BloomFilter.Hash(value));
        }
    }

    /// <summary>The usual case in one go: room is made once for all values of the run.</summary>
    static void WritePlainText(BytesColumn column, ColumnRun run, ByteBuffer body, ref BytesExtremes extremes)
    {
        var offsets = column.Offsets.AsSpan(run.Start, run.Count + 1);
        var data = column.Data;
        var room = body.Reserve(offsets[^1] - offsets[0] + 4 * run.Count);
        var used = 0;
        for (var i = 0; i < run.Count; i++)
        {
            if (column.IsNull(run.Start + i)) continue;
            var value = data.AsSpan(offsets[i], offsets[i + 1] - offsets[i]);
            extremes.Add(value);
            BinaryPrimitives.WriteInt32LittleEndian(room[used..], value.Length);
            value.CopyTo(room[(used + 4)..]);
            used += 4 + value.Length;
        }
        body.Advance(used);
    }

    /// <summary>Decimals come with as many bytes as they need and are written with as many as their precision has.</summary>
    ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> value)
    {
        if (_fixedLength == 0 || value.Length == _fixedLength) return value;
        if (Column.Type.Kind != TypeKind.Decimal || value.Length == 0)
            throw new ArgumentException($"Column {Column.Name}: a value of {value.Length} bytes where {Column.Type} has {_fixedLength}.");
        var sign = (value[0] & 0x80) != 0 ? (byte)0xFF : (byte)0;
        while (value.Length > _fixedLength && value[0] == sign && (value[1] & 0x80) == (sign & 0x80)) value = value[1..];
        if (value.Length > _fixedLength) throw new ArgumentException($"Column {Column.Name}: a value of {value.Length} bytes has more digits than {Column.Type} allows.");
        _fixedValue.AsSpan(0, _fixedLength - value.Length).Fill(sign);
        value.CopyTo(_fixedValue.AsSpan(_fixedLength - value.Length));
        return _fixedValue;
    }

    protected override int WriteDictionary(ByteBuffer body)
    {
        for (var code = 0; code < _dictionary.Count; code++)
        {
            var entry = _dictionary[code];
            if (_fixedLength == 0) body.WriteInt32(entry.Length);
            body.Write(entry);
        }
        return _dictionary.Count;
    }

    protected override byte[]? BuildBloomFilter()
    {
        for (var code = 0; code < _dictionary.Count; code++) _plainHashes.Add(BloomFilter.Hash(_dictionary[code]));
        return BloomFilter.Build(CollectionsMarshal.AsSpan(_plainHashes), Options.BloomFilterFalsePositives);
    }

    public override void Dispose()
    {
        _dictionary.Dispose();
        base.Dispose();
    }
}
