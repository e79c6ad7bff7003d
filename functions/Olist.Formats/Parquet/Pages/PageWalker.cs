using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Pages;

/// <summary>A page as it lies in its chunk.</summary>
readonly record struct RawPage(PageHeader Header, int BodyOffset);

/// <summary>Finds the pages of a chunk, before memory is taken for their values.</summary>
static class PageWalker
{
    /// <summary>All pages in order: at most one dictionary, first; then data pages that hold <paramref name="valueCount"/> values together.</summary>
    public static List<RawPage> Walk(ReadOnlySpan<byte> chunk, long valueCount)
    {
        var pages = new List<RawPage>();
        var at = 0;
        long values = 0;
        // Writers may leave padding behind the last page.
        while (at < chunk.Length && values < valueCount)
        {
            var reader = new ThriftReader(chunk[at..]);
            PageHeader header;
            try
            {
                header = PageHeader.Read(ref reader);
            }
            catch (FormatViolationException e)
            {
                throw new FormatViolationException($"header of page {pages.Count}, {at} bytes into the chunk: {e.Message}", e);
            }
            at += reader.Position;
            if (header.CompressedBytes < 0 || header.CompressedBytes > chunk.Length - at || header.UncompressedBytes is < 0 or > PageDecompressor.MaxPageBytes)
                throw new FormatViolationException($"page {pages.Count} says it has {header.CompressedBytes} bytes ({header.UncompressedBytes} uncompressed), where {chunk.Length - at} are left");
            if (header.Type is PageType.Data or PageType.DataV2)
            {
                if (header.ValueCount < 0) throw new FormatViolationException($"page {pages.Count} says it has {header.ValueCount} values");
                values += header.ValueCount;
                pages.Add(new RawPage(header, at));
            }
            else if (header.Type == PageType.Dictionary)
            {
                if (pages.Count > 0) throw new FormatViolationException($"page {pages.Count} is a dictionary behind data");
                if (header.ValueCount < 0) throw new FormatViolationException($"a dictionary of {header.ValueCount} entries");
                pages.Add(new RawPage(header, at));
            }
            at += header.CompressedBytes;
        }
        return values == valueCount ? pages : throw new FormatViolationException($"its pages hold {values} values, the metadata says {valueCount}");
    }
}
