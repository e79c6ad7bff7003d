using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Olist.Formats.Columns;
using Olist.Formats.Parquet.Encodings;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Schema;

namespace Olist.Formats.Parquet.Reading;

/// <summary>Decodes numbers of one size: PLAIN, dictionaries, BYTE_STREAM_SPLIT, and deltas of integers.</summary>
abstract class NumberDecoder<T>(LeafColumn leaf, int rowCount) : ChunkDecoder(leaf, rowCount) where T : unmanaged
{
    T[] _values = [];
    T[]? _dictionary;

    protected override void Begin() => _values = GC.AllocateUninitializedArray<T>(RowCount);

    protected override Column Build() => new ValueColumn<T>(Leaf.Type!.Value, _values, RowCount, Validity);

    protected override void ReadDictionary(ReadOnlySpan<byte> source, int count) => _dictionary = MemoryMarshal.Cast<byte, T>(Plain(source, count)).ToArray();

    protected override void ReadValues(PageEncoding encoding, ReadOnlySpan<byte> source, int row, int rows, int values)
    {
        var target = _values.AsSpan(row, rows);
        var dense = target[..values];
        switch (encoding)
        {
            case PageEncoding.Plain:
                Plain(source, values).CopyTo(MemoryMarshal.AsBytes(dense));
                break;
            case PageEncoding.RleDictionary or PageEncoding.PlainDictionary:
                LookUp(source, dense);
                break;
            case PageEncoding.ByteStreamSplit:
                ByteStreamSplit.Read(source, Unsafe.SizeOf<T>(), MemoryMarshal.AsBytes(dense));
                break;
            case PageEncoding.DeltaBinaryPacked:
                ReadDeltas(source, dense);
                break;
            default: throw Unsupported(encoding);
        }
        Spread(target, row, values);
    }

    protected virtual void ReadDeltas(ReadOnlySpan<byte> source, Span<T> target) => throw Unsupported(PageEncoding.DeltaBinaryPacked);

    void LookUp(ReadOnlySpan<byte> source, Span<T> target)
    {
        var dictionary = _dictionary ?? throw new FormatViolationException("dictionary codes, but no dictionary page");
        var codes = CodeScratch(target.Length);
        ReadCodes(source, codes, dictionary.Length);
        for (var i = 0; i < codes.Length; i++) target[i] = dictionary[codes[i]];
    }

    static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> source, int count)
    {
        var bytes = (long)count * Unsafe.SizeOf<T>();
        return bytes <= source.Length ? source[..(int)bytes] : throw new FormatViolationException($"{source.Length} bytes for {count} values of {Unsafe.SizeOf<T>()} bytes");
    }
}

sealed class IntDecoder(LeafColumn leaf, int rowCount) : NumberDecoder<int>(leaf, rowCount)
{
    protected override void ReadDeltas(ReadOnlySpan<byte> source, Span<int> target)
    {
        var wide = new long[target.Length];
        DeltaBinaryPackedReader.Read(source, wide);
        // Deltas wrap at 32 bits.
        for (var i = 0; i < wide.Length; i++) target[i] = unchecked((int)wide[i]);
    }
}

sealed class LongDecoder(LeafColumn leaf, int rowCount) : NumberDecoder<long>(leaf, rowCount)
{
    protected override void ReadDeltas(ReadOnlySpan<byte> source, Span<long> target) => DeltaBinaryPackedReader.Read(source, target);
}

sealed class FloatDecoder(LeafColumn leaf, int rowCount) : NumberDecoder<float>(leaf, rowCount);

sealed class DoubleDecoder(LeafColumn leaf, int rowCount) : NumberDecoder<double>(leaf, rowCount);
