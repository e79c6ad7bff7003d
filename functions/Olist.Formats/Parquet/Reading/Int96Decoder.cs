using System.Buffers.Binary;
using Olist.Formats.Columns;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Schema;

namespace Olist.Formats.Parquet.Reading;

/// <summary>INT96 timestamps of old writers (nanoseconds of the day, then the Julian day), read as microseconds.</summary>
sealed class Int96Decoder(LeafColumn leaf, int rowCount) : ChunkDecoder(leaf, rowCount)
{
    const int JulianDayOfEpoch = 2_440_588;
    const long MicrosPerDay = 86_400_000_000;

    long[] _values = [];
    long[]? _dictionary;

    protected override void Begin() => _values = GC.AllocateUninitializedArray<long>(RowCount);

    protected override Column Build() => new ValueColumn<long>(Leaf.Type!.Value, _values, RowCount, Validity);

    protected override void ReadDictionary(ReadOnlySpan<byte> source, int count)
    {
        if (count > source.Length / 12) throw new FormatViolationException($"{source.Length} bytes for {count} INT96 values");
        _dictionary = new long[count];
        Convert(source, _dictionary);
    }

    protected override void ReadValues(PageEncoding encoding, ReadOnlySpan<byte> source, int row, int rows, int values)
    {
        var target = _values.AsSpan(row, rows);
        var dense = target[..values];
        if (encoding == PageEncoding.Plain) Convert(source, dense);
        else if (encoding is PageEncoding.RleDictionary or PageEncoding.PlainDictionary)
        {
            var dictionary = _dictionary ?? throw new FormatViolationException("dictionary codes, but no dictionary page");
            var codes = CodeScratch(values);
            ReadCodes(source, codes, dictionary.Length);
            for (var i = 0; i < codes.Length; i++) dense[i] = dictionary[codes[i]];
        }
        else throw Unsupported(encoding);
        Spread(target, row, values);
    }

    static void Convert(ReadOnlySpan<byte> source, Span<long> target)
    {
        if (target.Length > source.Length / 12) throw new FormatViolationException($"{source.Length} bytes for {target.Length} INT96 values");
        for (var i = 0; i < target.Length; i++)
        {
            var nanos = BinaryPrimitives.ReadInt64LittleEndian(source[(12 * i)..]);
            var day = (long)BinaryPrimitives.ReadInt32LittleEndian(source[(12 * i + 8)..]) - JulianDayOfEpoch;
            target[i] = unchecked(day * MicrosPerDay + nanos / 1000);
        }
    }
}
