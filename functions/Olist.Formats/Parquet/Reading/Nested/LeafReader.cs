using System.Runtime.InteropServices;
using Olist.Formats.Columns;
using Olist.Formats.Parquet.Encodings;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Pages;
using Olist.Formats.Parquet.Schema;
using Olist.Formats.Parquet.Statistics;
using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Reading.Nested;

/// <summary>Reads the chunk of a leaf that lies inside of a nested column: levels here, values by the decoders of flat columns.</summary>
/// <remarks>The values of every page, without levels and compression, are put one behind the other as pages of a required flat column. That costs one copy, and one set of decoders serves all.</remarks>
/// <param name="leaf">Values without nulls.</param>
/// <param name="lists">Definition level from which on each list around the leaf has an item, from the outside in.</param>
/// <param name="maxDefinition">The level at which there is a value.</param>
sealed class LeafReader(LeafColumn leaf, IReadOnlyList<int> lists, int maxDefinition)
{
    /// <summary>More than anybody writes into a row group.</summary>
    const int MaxEntries = 1 << 28;

    byte[]? _repetitions;
    byte[]? _definitions;
    int[] _scratch = [];

    /// <param name="chunk">All pages.</param>
    /// <param name="metadata">Of the chunk.</param>
    /// <param name="rows">Of the row group.</param>
    /// <param name="withValues">False when only the levels are of interest.</param>
    public LeafEntries Read(ReadOnlySpan<byte> chunk, ColumnMetadata metadata, int rows, bool withValues)
    {
        if (metadata.ValueCount is < 0 or > MaxEntries) throw new FormatViolationException($"it has {metadata.ValueCount} values; up to {MaxEntries} are read");
        var count = (int)metadata.ValueCount;
        var pages = PageWalker.Walk(chunk, count);
        if (lists.Count > 0) _repetitions = GC.AllocateUninitializedArray<byte>(count);
        if (maxDefinition > 0) _definitions = GC.AllocateUninitializedArray<byte>(count);
        using var flat = new ByteBuffer();
        using var decompressor = new PageDecompressor();
        int entries = 0, values = 0;
        for (var i = 0; i < pages.Count; i++)
        {
            try
            {
                if (pages[i].Header.Type != PageType.Dictionary) values += ReadPage(chunk, pages[i], metadata.Codec, decompressor, ref entries, withValues ? flat : null);
                else if (withValues) Append(flat, pages[i].Header, PageBody.OpenDictionary(chunk, pages[i], metadata.Codec, decompressor), pages[i].Header.ValueCount);
            }
            catch (FormatViolationException e)
            {
                throw new FormatViolationException($"page {i}: {e.Message}", e);
            }
        }
        Check(count, rows);
        var column = withValues ? ChunkDecoder.Create(leaf, values).Decode(flat.Span, CompressionCodec.None) : null;
        return new LeafEntries(leaf.Path, count, _repetitions, _definitions, maxDefinition, column);
    }

    /// <returns>Values in the page.</returns>
    int ReadPage(ReadOnlySpan<byte> chunk, RawPage page, CompressionCodec codec, PageDecompressor decompressor, ref int entries, ByteBuffer? flat)
    {
        var count = page.Header.ValueCount;
        var body = LevelledPage.Open(chunk, page, codec, lists.Count > 0, maxDefinition > 0, decompressor);
        if (_repetitions is not null) ReadLevels(body.Repetitions, lists.Count, _repetitions.AsSpan(entries, count));
        var values = count;
        if (_definitions is not null)
        {
            var definitions = _definitions.AsSpan(entries, count);
            ReadLevels(body.Definitions, maxDefinition, definitions);
            values = definitions.Count((byte)maxDefinition);
        }
        entries += count;
        if (flat is not null) Append(flat, page.Header, body.Values, values);
        return values;
    }

    void ReadLevels(ReadOnlySpan<byte> source, int max, Span<byte> levels)
    {
        if (max == 1)
        {
            RleBitPackedReader.ReadLevels(source, levels);
            return;
        }
        if (_scratch.Length < levels.Length) _scratch = GC.AllocateUninitializedArray<int>(levels.Length);
        var numbers = _scratch.AsSpan(0, levels.Length);
        RleBitPackedReader.Read(source, 32 - int.LeadingZeroCount(max), numbers);
        if (numbers.Length > 0 && Extremes.Of<uint>(MemoryMarshal.Cast<int, uint>(numbers)).Max is var highest && highest > max)
            throw new FormatViolationException($"a level of {highest} where 0 to {max} are possible");
        for (var i = 0; i < numbers.Length; i++) levels[i] = (byte)numbers[i];
    }

    static void Append(ByteBuffer flat, PageHeader header, ReadOnlySpan<byte> body, int values)
    {
        var plain = new PageHeader { Type = header.Type == PageType.Dictionary ? PageType.Dictionary : PageType.Data, Encoding = header.Encoding, ValueCount = values, UncompressedBytes = body.Length, CompressedBytes = body.Length };
        plain.Write(new ThriftWriter(flat));
        flat.Write(body);
    }

    /// <summary>Rows begin at level 0, and a list goes on only where it has begun.</summary>
    void Check(int count, int rows)
    {
        if (_repetitions is null)
        {
            if (count != rows) throw new FormatViolationException($"it has {count} values for {rows} rows");
            return;
        }
        var begun = _repetitions.AsSpan().Count((byte)0);
        if (begun != rows || (count > 0 && _repetitions[0] != 0)) throw new FormatViolationException($"its repetition levels begin {begun} rows, the row group has {rows}");
        for (var i = 1; i < count; i++)
        {
            if (_repetitions[i] == 0) continue;
            var needed = lists[_repetitions[i] - 1];
            if (_definitions![i] < needed || _definitions[i - 1] < needed) throw new FormatViolationException($"entry {i} goes on with a list that has no items");
        }
    }
}
