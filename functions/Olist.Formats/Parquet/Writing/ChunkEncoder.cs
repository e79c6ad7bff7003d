using System.Buffers;
using Olist.Formats.Columns;
using Olist.Formats.Parquet.Encodings;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Pages;
using Olist.Formats.Parquet.Schema;

namespace Olist.Formats.Parquet.Writing;

/// <summary>Encodes the chunks of one column, one row group after the other; its buffers are kept from chunk to chunk.</summary>
/// <remarks>A chunk starts with a dictionary and loses it when it does not pay. Not for several threads at once; different columns are independent.</remarks>
abstract class ChunkEncoder(ColumnSchema column, ParquetWriterOptions options) : IDisposable
{
    readonly PageWriter _page = new(options.Codec);
    readonly ByteBuffer _pages = new();
    readonly ByteBuffer _dictionary = new();
    readonly List<EncodedPage> _pageList = [];
    readonly List<ColumnRun> _pageRuns = [];
    int _dictionaryPages;
    int _uncompressedBytes;

    protected ColumnSchema Column { get; } = column;
    protected ParquetWriterOptions Options { get; } = options;

    protected bool WantsBloomFilter { get; } = options.BloomFilterColumns.Contains(column.Name) && HasBloomFilter(column.Type);

    public static ChunkEncoder Create(ColumnSchema column, ParquetWriterOptions options) => WrittenSchema.PhysicalTypeOf(column.Type) switch
    {
        PhysicalType.Boolean => new BooleanChunkEncoder(column, options),
        PhysicalType.Int32 => new IntChunkEncoder(column, options),
        PhysicalType.Int64 => new LongChunkEncoder(column, options),
        PhysicalType.Float => new FloatChunkEncoder(column, options),
        PhysicalType.Double => new DoubleChunkEncoder(column, options),
        _ => new BytesChunkEncoder(column, options),
    };

    /// <summary>DuckDB 1.5 hashes the escaped spelling of binary values, finds them excluded and loses rows, also in its own files; so such columns get no filter. Two booleans need none.</summary>
    static bool HasBloomFilter(DataType type) => type.Kind is not (TypeKind.Binary or TypeKind.Fixed or TypeKind.Boolean);

    /// <summary>Encodes all rows of the runs as one chunk.</summary>
    public EncodedChunk Encode(IReadOnlyList<ColumnRun> runs)
    {
        Reset();
        var statistics = default(ValueStatistics);
        int run = 0, inRun = 0, firstRow = 0;
        while (TakePage(runs, ref run, ref inRun) is var rows and > 0)
        {
            var values = WriteLevels(rows);
            var encoding = EncodeValues(_pageRuns, values, _page.Body, out var ofPage);
            if (encoding == PageEncoding.RleDictionary) _dictionaryPages++;
            ofPage = ofPage with { NullCount = rows - values };
            var offset = _pages.Length;
            _uncompressedBytes += _page.Write(PageType.Data, encoding, rows, _pages);
            _pageList.Add(new EncodedPage(offset, _pages.Length - offset, firstRow, rows, ofPage));
            statistics = statistics.Merge(ofPage, Column.Type);
            firstRow += rows;
        }
        if (_dictionaryPages > 0)
        {
            var entries = WriteDictionary(_page.Body);
            _uncompressedBytes += _page.Write(PageType.Dictionary, PageEncoding.Plain, entries, _dictionary);
        }
        return new EncodedChunk
        {
            Dictionary = _dictionary.Memory,
            Pages = _pages.Memory,
            PageList = _pageList,
            EncodingCounts = CountEncodings(),
            UncompressedBytes = _uncompressedBytes,
            Statistics = statistics,
            BloomFilter = WantsBloomFilter ? BuildBloomFilter() : null,
        };
    }

    /// <summary>Forgets the last chunk.</summary>
    protected virtual void Reset()
    {
        _pages.Truncate();
        _dictionary.Truncate();
        _pageList.Clear();
        _dictionaryPages = 0;
        _uncompressedBytes = 0;
    }

    /// <summary>How many of the next rows of a column still fit into a page that has room for so many bytes; takes their bytes off.</summary>
    protected abstract int FitRows(Column column, int start, int count, ref long roomBytes);

    /// <summary>Appends the values of the rows, nulls left out, to the body.</summary>
    /// <param name="runs">The rows of the page.</param>
    /// <param name="valueCount">How many of them are not null.</param>
    /// <param name="body">Levels are already in it.</param>
    /// <param name="statistics">Extremes and NaNs of the page.</param>
    protected abstract PageEncoding EncodeValues(List<ColumnRun> runs, int valueCount, ByteBuffer body, out ValueStatistics statistics);

    /// <summary>Appends the entries of the dictionary, plain.</summary>
    /// <returns>How many there are.</returns>
    protected abstract int WriteDictionary(ByteBuffer body);

    protected abstract byte[]? BuildBloomFilter();

    /// <summary>Rows of the next page into the list of its runs; 0 at the end.</summary>
    int TakePage(IReadOnlyList<ColumnRun> runs, ref int run, ref int inRun)
    {
        _pageRuns.Clear();
        var rows = 0;
        long roomBytes = Options.PageBytes;
        while (run < runs.Count && rows < Options.PageRows)
        {
            var (source, start, count) = runs[run];
            var wanted = Math.Min(count - inRun, Options.PageRows - rows);
            var taken = FitRows(source, start + inRun, wanted, ref roomBytes);
            // A single value may be larger than a page.
            if (taken == 0 && rows == 0 && wanted > 0) taken = 1;
            if (taken > 0) _pageRuns.Add(new ColumnRun(source, start + inRun, taken));
            rows += taken;
            inRun += taken;
            if (taken < wanted) break;
            if (inRun < count) continue;
            run++;
            inRun = 0;
        }
        return rows;
    }

    /// <summary>Definition levels of a v1 page: a length, then hybrid runs. A required column has none.</summary>
    /// <returns>Rows that are not null.</returns>
    int WriteLevels(int rows)
    {
        if (Column.Required) return rows;
        var body = _page.Body;
        body.WriteInt32(0);
        var values = rows;
        var (first, start, _) = _pageRuns[0];
        if (_pageRuns.TrueForAll(run => run.Column.Validity is null))
        {
            body.WriteVarint((ulong)rows << 1);
            body.WriteByte(1);
        }
        else if (_pageRuns.Count == 1)
        {
            var validity = first.Validity.AsSpan(start, rows);
            values -= validity.Count((byte)0);
            RleBitPackedWriter.WriteLevels(validity, body);
        }
        else
        {
            var rented = ArrayPool<byte>.Shared.Rent(rows);
            var at = 0;
            foreach (var run in _pageRuns)
            {
                var part = rented.AsSpan(at, run.Count);
                if (run.Column.Validity is { } validity) validity.AsSpan(run.Start, run.Count).CopyTo(part);
                else part.Fill(1);
                at += run.Count;
            }
            values -= rented.AsSpan(0, rows).Count((byte)0);
            RleBitPackedWriter.WriteLevels(rented.AsSpan(0, rows), body);
            ArrayPool<byte>.Shared.Return(rented);
        }
        body.PatchInt32(0, body.Length - 4);
        return values;
    }

    List<PageEncodingCount> CountEncodings()
    {
        var counts = new List<PageEncodingCount>(3);
        if (_dictionaryPages > 0)
        {
            counts.Add(new(PageType.Dictionary, PageEncoding.Plain, 1));
            counts.Add(new(PageType.Data, PageEncoding.RleDictionary, _dictionaryPages));
        }
        if (_pageList.Count > _dictionaryPages) counts.Add(new(PageType.Data, PageEncoding.Plain, _pageList.Count - _dictionaryPages));
        return counts;
    }

    public virtual void Dispose()
    {
        _page.Dispose();
        _pages.Dispose();
        _dictionary.Dispose();
        GC.SuppressFinalize(this);
    }
}
