using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using Olist.Formats.Columns;
using Olist.Formats.Parquet.Encodings;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Schema;

namespace Olist.Formats.Parquet.Reading;

/// <summary>Decodes byte strings of variable or fixed length. A chunk whose pages are all coded by the dictionary stays so in memory; any other becomes plain.</summary>
sealed class BytesDecoder(LeafColumn leaf, int rowCount) : ChunkDecoder(leaf, rowCount)
{
    /// <summary>Compression by more than this is not believed before it is seen; until then memory grows with what the pages really hold.</summary>
    const int TrustedRatio = 16;

    readonly int _fixedLength = leaf.Physical == PhysicalType.FixedLengthByteArray ? leaf.Element.TypeLength : 0;
    BytesColumn? _dictionary;
    int[]? _codes;

    /// <summary>For each entry in the file its code in <see cref="_dictionary"/>, when the file has an entry twice.</summary>
    int[]? _distinct;
    int[] _offsets = [];
    byte[] _data = [];
    int _dataBytes;

    protected override void Begin()
    {
        var isCoded = Pages.Count > 0 && Pages[0].Header.Type == PageType.Dictionary;
        long plainBytes = 0, trustedBytes = 0;
        foreach (var (header, _) in Pages)
        {
            if (header.Type == PageType.Dictionary || header.Encoding is PageEncoding.RleDictionary or PageEncoding.PlainDictionary) continue;
            isCoded = false;
            plainBytes += header.UncompressedBytes;
            trustedBytes += (long)header.CompressedBytes * TrustedRatio;
        }
        if (isCoded)
        {
            _codes = GC.AllocateUninitializedArray<int>(RowCount);
            return;
        }
        _offsets = GC.AllocateUninitializedArray<int>(RowCount + 1);
        _offsets[0] = 0;
        // Without nulls, the lengths among the plain values are known to become offsets instead.
        if (!Leaf.IsOptional && _fixedLength == 0) plainBytes = Math.Max(0, plainBytes - 4L * RowCount);
        _data = GC.AllocateUninitializedArray<byte>((int)Math.Min(Array.MaxLength, Math.Min(plainBytes, trustedBytes)));
    }

    protected override Column Build() => _codes is not null
        ? new BytesColumn(_dictionary!, _codes, RowCount, Validity)
        : new BytesColumn(Leaf.Type!.Value, _offsets, _data, RowCount, Validity);

    protected override void ReadDictionary(ReadOnlySpan<byte> source, int count)
    {
        if (count > source.Length / (_fixedLength == 0 ? 4 : _fixedLength))
            throw new FormatViolationException($"{source.Length} bytes for a dictionary of {count} entries");
        var offsets = new int[count + 1];
        var data = GC.AllocateUninitializedArray<byte>(source.Length);
        ReadPlain(source, offsets, count, data, 0);
        _dictionary = new BytesColumn(Leaf.Type!.Value, offsets, data, count);
        if (_codes is not null) _distinct = DistinctEntries.Find(ref _dictionary);
    }

    protected override void ReadValues(PageEncoding encoding, ReadOnlySpan<byte> source, int row, int rows, int values)
    {
        // The ends of the page's values, together at its start; then they move to their rows.
        var ends = _codes is null ? _offsets.AsSpan(row + 1, values) : default;
        switch (encoding)
        {
            case PageEncoding.RleDictionary or PageEncoding.PlainDictionary:
                var entries = _distinct?.Length ?? _dictionary?.Count ?? throw new FormatViolationException("dictionary codes, but no dictionary page");
                var target = _codes is not null ? _codes.AsSpan(row, rows) : CodeScratch(values);
                ReadCodes(source, target[..values], entries);
                if (_codes is not null)
                {
                    if (_distinct is not null)
                        foreach (ref var code in target[..values]) code = _distinct[code];
                    Spread(target, row, values);
                    return;
                }
                AppendEntries(target, ends);
                break;
            case PageEncoding.Plain:
                // Without the lengths; where they can't all be there, the loop finds out.
                Reserve(_fixedLength > 0 ? source.Length : Math.Max(0, source.Length - 4L * values));
                _dataBytes = ReadPlain(source, _offsets.AsSpan(row), values, _data, _dataBytes);
                break;
            case PageEncoding.DeltaLengthByteArray when _fixedLength == 0:
                ReadDeltaLengths(source, ends);
                break;
            case PageEncoding.DeltaByteArray:
                ReadDeltaStrings(source, ends);
                break;
            case PageEncoding.ByteStreamSplit when _fixedLength > 0:
                ReadSplit(source, ends);
                break;
            default: throw Unsupported(encoding);
        }
        SpreadEnds(row, rows, values);
    }

    /// <summary>Plain values: their ends into <paramref name="offsets"/> behind the start that stands there, their bytes into <paramref name="data"/>.</summary>
    /// <returns>The last end.</returns>
    int ReadPlain(ReadOnlySpan<byte> source, Span<int> offsets, int count, byte[] data, int end)
    {
        offsets[0] = end;
        if (_fixedLength > 0)
        {
            if ((long)count * _fixedLength != source.Length) throw new FormatViolationException($"{source.Length} bytes for {count} values of {_fixedLength} bytes");
            source[..(count * _fixedLength)].CopyTo(data.AsSpan(end));
            for (var i = 1; i <= count; i++) offsets[i] = end += _fixedLength;
            return end;
        }
        var at = 0;
        for (var i = 1; i <= count; i++)
        {
            if (source.Length - at < 4) throw new FormatViolationException($"its end at value {i - 1} of {count}");
            var length = BinaryPrimitives.ReadInt32LittleEndian(source[at..]);
            at += 4;
            if ((uint)length > (uint)(source.Length - at)) throw new FormatViolationException($"value {i - 1} of {(uint)length} bytes, where {source.Length - at} are left");
            // Ids and words: one wide copy, whose rest the next value overwrites.
            if (length <= 32 && source.Length - at >= 32 && data.Length - end >= 32) Vector256.Create(source.Slice(at, 32)).CopyTo(data.AsSpan(end, 32));
            else source.Slice(at, length).CopyTo(data.AsSpan(end));
            at += length;
            offsets[i] = end += length;
        }
        return end;
    }

    void ReadDeltaLengths(ReadOnlySpan<byte> source, Span<int> ends)
    {
        var lengths = DeltaBinaryPackedReader.ReadLengths(source, ends.Length, out var used);
        source = source[used..];
        Reserve(source.Length);
        var at = 0;
        for (var i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] > source.Length - at) throw new FormatViolationException($"value {i} of {lengths[i]} bytes, where {source.Length - at} are left");
            at += lengths[i];
            ends[i] = _dataBytes + at;
        }
        source[..at].CopyTo(_data.AsSpan(_dataBytes));
        _dataBytes += at;
    }

    void ReadDeltaStrings(ReadOnlySpan<byte> source, Span<int> ends)
    {
        var prefixes = DeltaBinaryPackedReader.ReadLengths(source, ends.Length, out var used);
        source = source[used..];
        var suffixes = DeltaBinaryPackedReader.ReadLengths(source, ends.Length, out used);
        source = source[used..];
        int lastStart = _dataBytes, lastLength = 0, at = 0;
        for (var i = 0; i < ends.Length; i++)
        {
            if (prefixes[i] > lastLength || suffixes[i] > source.Length - at)
                throw new FormatViolationException($"value {i} takes {prefixes[i]} bytes of a value of {lastLength} and {suffixes[i]} where {source.Length - at} are left");
            var length = prefixes[i] + suffixes[i];
            if (_fixedLength > 0 && length != _fixedLength) throw new FormatViolationException($"value {i} of {length} bytes where all have {_fixedLength}");
            Reserve(length);
            var start = _dataBytes;
            _data.AsSpan(lastStart, prefixes[i]).CopyTo(_data.AsSpan(start));
            source.Slice(at, suffixes[i]).CopyTo(_data.AsSpan(start + prefixes[i]));
            at += suffixes[i];
            (lastStart, lastLength) = (start, length);
            ends[i] = _dataBytes = start + length;
        }
    }

    void ReadSplit(ReadOnlySpan<byte> source, Span<int> ends)
    {
        var bytes = (long)ends.Length * _fixedLength;
        if (bytes > source.Length) throw new FormatViolationException($"{source.Length} bytes for {ends.Length} values of {_fixedLength} bytes");
        Reserve(bytes);
        ByteStreamSplit.Read(source, _fixedLength, _data.AsSpan(_dataBytes, (int)bytes));
        for (var i = 0; i < ends.Length; i++) ends[i] = _dataBytes += _fixedLength;
    }

    void AppendEntries(ReadOnlySpan<int> codes, Span<int> ends)
    {
        var entries = _dictionary!;
        long bytes = 0;
        foreach (var code in codes) bytes += entries.Offsets[code + 1] - entries.Offsets[code];
        Reserve(bytes);
        for (var i = 0; i < codes.Length; i++)
        {
            var entry = entries[codes[i]];
            entry.CopyTo(_data.AsSpan(_dataBytes));
            ends[i] = _dataBytes += entry.Length;
        }
    }

    /// <summary>From ends of values to ends of rows: a null row ends where the row before it does.</summary>
    void SpreadEnds(int row, int rows, int values)
    {
        if (values == rows) return;
        var validity = Validity.AsSpan(row, rows);
        var ends = _offsets.AsSpan(row, rows + 1);
        for (var i = rows; i > values; i--)
        {
            ends[i] = ends[values];
            values -= validity[i - 1];
        }
    }

    void Reserve(long more)
    {
        var needed = _dataBytes + more;
        if (needed > Array.MaxLength) throw new FormatViolationException($"more than {Array.MaxLength} bytes of values in one chunk; such files need smaller row groups");
        if (needed > _data.Length) Array.Resize(ref _data, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _data.Length)));
    }
}
