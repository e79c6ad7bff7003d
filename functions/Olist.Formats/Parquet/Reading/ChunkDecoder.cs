using System.Runtime.InteropServices;
using Olist.Formats.Columns;
using Olist.Formats.Parquet.Encodings;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Pages;
using Olist.Formats.Parquet.Schema;
using Olist.Formats.Parquet.Statistics;

namespace Olist.Formats.Parquet.Reading;

/// <summary>Decodes one column chunk into a column of the file's own type. Used once.</summary>
/// <remarks>Bytes are not trusted: every count is compared with what is there, and what the checks may have missed ends in the bounds checks of spans, which <see cref="ParquetReader"/> turns into a <see cref="FormatViolationException"/>.</remarks>
abstract class ChunkDecoder(LeafColumn leaf, int rowCount)
{
    byte[]? _validity;
    int[] _codeScratch = [];

    protected LeafColumn Leaf { get; } = leaf;
    protected int RowCount { get; } = rowCount;

    /// <summary>Pages of the chunk, dictionary included.</summary>
    protected IReadOnlyList<RawPage> Pages { get; private set; } = [];

    /// <summary>Pages by type and encoding, where the footer can be relied on. Page headers have no checksum in the format, and values in another encoding would be other values.</summary>
    public IReadOnlyList<PageEncodingCount>? ExpectedPages { get; set; }

    protected byte[]? Validity => _validity;

    public static ChunkDecoder Create(LeafColumn leaf, int rowCount) => leaf.Physical switch
    {
        PhysicalType.Boolean => new BooleanDecoder(leaf, rowCount),
        PhysicalType.Int32 => new IntDecoder(leaf, rowCount),
        PhysicalType.Int64 => new LongDecoder(leaf, rowCount),
        PhysicalType.Int96 => new Int96Decoder(leaf, rowCount),
        PhysicalType.Float => new FloatDecoder(leaf, rowCount),
        PhysicalType.Double => new DoubleDecoder(leaf, rowCount),
        _ => new BytesDecoder(leaf, rowCount),
    };

    public Column Decode(ReadOnlySpan<byte> chunk, CompressionCodec codec)
    {
        Pages = PageWalker.Walk(chunk, RowCount);
        if (ExpectedPages is { } expected) PageEncodingCount.Check(Pages, expected);
        using var decompressor = new PageDecompressor();
        Begin();
        var row = 0;
        for (var i = 0; i < Pages.Count; i++)
        {
            var page = Pages[i];
            try
            {
                if (page.Header.Type == PageType.Dictionary)
                {
                    ReadDictionary(PageBody.OpenDictionary(chunk, page, codec, decompressor), page.Header.ValueCount);
                    continue;
                }
                var body = PageBody.Open(chunk, page, codec, Leaf.IsOptional, decompressor);
                var rows = page.Header.ValueCount;
                var values = ReadLevels(body.Levels, row, rows);
                ReadValues(page.Header.Encoding, body.Values, row, rows, values);
                row += rows;
            }
            catch (FormatViolationException e)
            {
                throw new FormatViolationException($"page {i}: {e.Message}", e);
            }
        }
        return Build();
    }

    /// <summary>Takes memory for the values; <see cref="Pages"/> is set and agrees with the row count.</summary>
    protected abstract void Begin();

    protected abstract void ReadDictionary(ReadOnlySpan<byte> source, int count);

    /// <summary>Decodes <paramref name="values"/> values for <paramref name="rows"/> rows from <paramref name="row"/> on; where they differ, <see cref="Validity"/> says which rows are null.</summary>
    protected abstract void ReadValues(PageEncoding encoding, ReadOnlySpan<byte> source, int row, int rows, int values);

    protected abstract Column Build();

    /// <summary>Codes of a dictionary-coded page, all below <paramref name="entries"/>.</summary>
    protected static void ReadCodes(ReadOnlySpan<byte> source, Span<int> codes, int entries)
    {
        if (codes.Length == 0) return;
        if (source.Length == 0 || source[0] > 32) throw new FormatViolationException("dictionary codes without a bit width");
        RleBitPackedReader.Read(source[1..], source[0], codes);
        // As unsigned numbers, so that one comparison finds the negative ones too.
        var (_, largest) = Extremes.Of<uint>(MemoryMarshal.Cast<int, uint>(codes));
        if (largest >= (uint)entries) throw new FormatViolationException($"code {largest} for a dictionary of {entries} entries");
    }

    protected Span<int> CodeScratch(int count)
    {
        if (_codeScratch.Length < count) _codeScratch = GC.AllocateUninitializedArray<int>(count);
        return _codeScratch.AsSpan(0, count);
    }

    protected FormatViolationException Unsupported(PageEncoding encoding) => new($"encoding {encoding} of {Leaf.Physical} values is not supported");

    /// <summary>Moves the values, which are together at the start, to the rows that have one; the others get the default.</summary>
    protected void Spread<T>(Span<T> rows, int row, int values) where T : unmanaged
    {
        if (values == rows.Length) return;
        var validity = _validity.AsSpan(row, rows.Length);
        // From the back, so that nothing is overwritten before it has moved; done when the rest is where it belongs.
        for (var i = rows.Length - 1; i >= values; i--) rows[i] = validity[i] != 0 ? rows[--values] : default;
    }

    /// <returns>Rows that have a value.</returns>
    int ReadLevels(ReadOnlySpan<byte> levels, int row, int rows)
    {
        if (!Leaf.IsOptional || RleBitPackedReader.AreAllOne(levels, rows)) return rows;
        if (_validity is null)
        {
            _validity = GC.AllocateUninitializedArray<byte>(RowCount);
            _validity.AsSpan().Fill(1);
        }
        return RleBitPackedReader.ReadLevels(levels, _validity.AsSpan(row, rows));
    }
}
