using Olist.Formats.Columns;
using Olist.Formats.Parquet.Encodings;
using Olist.Formats.Parquet.Metadata;

namespace Olist.Formats.Parquet.Writing;

/// <summary>Booleans, always as plain bits: the one encoding of them that every reader takes.</summary>
sealed class BooleanChunkEncoder(ColumnSchema column, ParquetWriterOptions options) : ChunkEncoder(column, options)
{
    byte[] _dense = [];

    protected override int FitRows(Column column, int start, int count, ref long roomBytes) => count;

    protected override PageEncoding EncodeValues(List<ColumnRun> runs, int valueCount, ByteBuffer body, out ValueStatistics statistics)
    {
        var rows = 0;
        foreach (var run in runs) rows += run.Count;
        if (_dense.Length < rows) _dense = new byte[rows];
        var filled = 0;
        foreach (var run in runs)
        {
            var values = ((ValueColumn<byte>)run.Column).Values.AsSpan(run.Start, run.Count);
            if (run.Column.Validity is { } validity) filled += Compaction.Compact(values, validity.AsSpan(run.Start, run.Count), _dense.AsSpan(filled));
            else
            {
                values.CopyTo(_dense.AsSpan(filled));
                filled += run.Count;
            }
        }
        var flags = _dense.AsSpan(0, valueCount);
        if (flags.ContainsAnyExceptInRange((byte)0, (byte)1)) throw new ArgumentException($"Column {Column.Name}: a boolean is a byte of 0 or 1.");
        var packed = (valueCount + 7) / 8;
        RleBitPackedWriter.PackBits(flags, body.Reserve(packed));
        body.Advance(packed);
        statistics = valueCount == 0 ? default : new(0, 0, [flags.Contains((byte)0) ? (byte)0 : (byte)1], [flags.Contains((byte)1) ? (byte)1 : (byte)0]);
        return PageEncoding.Plain;
    }

    protected override int WriteDictionary(ByteBuffer body) => 0;

    /// <summary>Two values are no use to a filter.</summary>
    protected override byte[]? BuildBloomFilter() => null;
}
