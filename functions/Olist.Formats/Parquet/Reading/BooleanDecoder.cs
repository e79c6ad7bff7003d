using System.Buffers.Binary;
using Olist.Formats.Columns;
using Olist.Formats.Parquet.Encodings;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Schema;

namespace Olist.Formats.Parquet.Reading;

/// <summary>Decodes booleans: plain bits, or RLE behind a length.</summary>
sealed class BooleanDecoder(LeafColumn leaf, int rowCount) : ChunkDecoder(leaf, rowCount)
{
    byte[] _values = [];

    protected override void Begin() => _values = new byte[RowCount];

    protected override Column Build() => new ValueColumn<byte>(Leaf.Type!.Value, _values, RowCount, Validity);

    protected override void ReadDictionary(ReadOnlySpan<byte> source, int count) => throw new FormatViolationException("a dictionary of booleans");

    protected override void ReadValues(PageEncoding encoding, ReadOnlySpan<byte> source, int row, int rows, int values)
    {
        var target = _values.AsSpan(row, rows);
        var dense = target[..values];
        if (encoding == PageEncoding.Plain) RleBitPackedReader.UnpackBits(source, dense);
        else if (encoding == PageEncoding.Rle) ReadRuns(source, dense);
        else throw Unsupported(encoding);
        Spread(target, row, values);
    }

    static void ReadRuns(ReadOnlySpan<byte> source, Span<byte> dense)
    {
        if (dense.Length == 0) return;
        if (source.Length < 4) throw new FormatViolationException("RLE booleans without a length");
        var length = BinaryPrimitives.ReadInt32LittleEndian(source);
        if (length < 0 || length > source.Length - 4) throw new FormatViolationException($"RLE booleans of {length} bytes in {source.Length}");
        RleBitPackedReader.ReadLevels(source.Slice(4, length), dense);
    }
}
