using System.Buffers;
using Olist.Formats.Columns;
using Olist.Formats.Parquet.Indexes;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Pages;

namespace Olist.Formats.Parquet.Reading;

/// <summary>Which pages of a chunk are to be read for some rows: all when their places are not known.</summary>
sealed class PagePlan
{
    readonly ByteRange _dictionary;
    readonly PageLocation[] _pages;

    PagePlan(ByteRange dictionary, PageLocation[] pages, int rowCount, IReadOnlyList<ByteRange> fetches)
    {
        _dictionary = dictionary;
        _pages = pages;
        RowCount = rowCount;
        Fetches = fetches;
    }

    /// <summary>Rows in the pages that are read.</summary>
    public int RowCount { get; }

    /// <summary>Bytes to fetch, in order, dictionary first; neighbours joined.</summary>
    public IReadOnlyList<ByteRange> Fetches { get; }

    /// <param name="pages">All pages of the chunk; empty when they are not known.</param>
    public static PagePlan Of(ByteRange chunk, PageLocation[] pages, RowRanges rows, int groupRows)
    {
        if (rows.Count == 0) return new PagePlan(default, [], 0, []);
        if (pages.Length == 0) return new PagePlan(chunk, [], groupRows, [chunk]);
        var chosen = Choose(pages, rows);
        var dictionary = new ByteRange(chunk.Offset, pages[0].Bytes.Offset - chunk.Offset);
        var fetches = new List<ByteRange>();
        if (dictionary.Length > 0) fetches.Add(dictionary);
        foreach (var page in chosen)
            if (fetches.Count > 0 && fetches[^1].EndExcl == page.Bytes.Offset) fetches[^1] = fetches[^1] with { Length = fetches[^1].Length + page.Bytes.Length };
            else fetches.Add(page.Bytes);
        return new PagePlan(dictionary, [.. chosen], chosen.Sum(page => page.Rows.Count), fetches);
    }

    static List<PageLocation> Choose(PageLocation[] pages, RowRanges rows)
    {
        var chosen = new List<PageLocation>();
        var next = 0;
        foreach (var page in pages)
        {
            while (next < rows.Ranges.Count && rows.Ranges[next].EndExcl <= page.Rows.First) next++;
            if (next == rows.Ranges.Count) break;
            if (page.Rows.Count > 0 && rows.Ranges[next].First < page.Rows.EndExcl) chosen.Add(page);
        }
        return chosen;
    }

    /// <summary>The pages one behind the other, as in a chunk that has no others. Checked against the index: each has the rows that it should.</summary>
    public Collected Collect(RangeFetcher bytes)
    {
        var collected = new Collected([.. Fetches.Select(range => bytes[range])]);
        try
        {
            if (_pages.Length > 0) Check(collected.Bytes.Span);
            return collected;
        }
        catch
        {
            collected.Dispose();
            throw;
        }
    }

    void Check(ReadOnlySpan<byte> chunk)
    {
        var at = (int)_dictionary.Length;
        foreach (var page in _pages)
        {
            var found = PageWalker.Walk(chunk.Slice(at, (int)page.Bytes.Length), page.Rows.Count);
            if (found.Count != 1 || found[0].Header.Type == PageType.Dictionary || found[0].BodyOffset + found[0].Header.CompressedBytes != page.Bytes.Length)
                throw new FormatViolationException($"the page index has one data page of {page.Rows.Count} rows at {page.Bytes.Offset}, which is not what is there");
            at += (int)page.Bytes.Length;
        }
    }

    /// <summary>Of the rows in the pages that were read, those asked for.</summary>
    public Column Cut(Column pages, RowRanges rows)
    {
        if (rows.Count == RowCount) return pages;
        var wanted = ArrayPool<int>.Shared.Rent(rows.Count);
        try
        {
            int filled = 0, page = 0, before = 0;
            foreach (var range in rows.Ranges)
                for (var row = range.First; row < range.EndExcl; row++)
                {
                    while (page < _pages.Length && row >= _pages[page].Rows.EndExcl) before += _pages[page++].Rows.Count;
                    wanted[filled++] = _pages.Length == 0 ? row : before + row - _pages[page].Rows.First;
                }
            return pages.Gather(wanted.AsSpan(0, filled));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(wanted);
        }
    }

    /// <summary>Bytes in one piece; copied into a borrowed array only when they were not.</summary>
    public readonly struct Collected : IDisposable
    {
        readonly byte[]? _rented;

        public Collected(ReadOnlyMemory<byte>[] parts)
        {
            if (parts.Length == 1)
            {
                Bytes = parts[0];
                return;
            }
            var length = parts.Sum(part => part.Length);
            _rented = ArrayPool<byte>.Shared.Rent(length);
            var at = 0;
            foreach (var part in parts)
            {
                part.CopyTo(_rented.AsMemory(at));
                at += part.Length;
            }
            Bytes = _rented.AsMemory(0, length);
        }

        public ReadOnlyMemory<byte> Bytes { get; }

        public void Dispose()
        {
            if (_rented is not null) ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
