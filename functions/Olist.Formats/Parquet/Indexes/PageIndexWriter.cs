using Olist.Formats.Columns;
using Olist.Formats.Parquet.Statistics;
using Olist.Formats.Parquet.Thrift;
using Olist.Formats.Parquet.Writing;

namespace Olist.Formats.Parquet.Indexes;

/// <summary>Writes what lets a reader skip pages: extremes per page (column index) and places of pages (offset index).</summary>
static class PageIndexWriter
{
    enum BoundaryOrder { Unordered = 0, Ascending = 1, Descending = 2 }

    /// <summary>Appends the column index.</summary>
    /// <returns>False when a page has values but no extremes (all NaN, or text that can't be bounded): then there must not be an index.</returns>
    public static bool TryWriteColumnIndex(IReadOnlyList<EncodedPage> pages, DataType type, ByteBuffer output)
    {
        var mins = new byte[pages.Count][];
        var maxs = new byte[pages.Count][];
        for (var i = 0; i < pages.Count; i++)
        {
            var page = pages[i];
            var isNull = page.Statistics.NullCount == page.RowCount;
            var min = isNull ? [] : BoundTruncation.Lower(type, page.Statistics.Min, out _);
            var max = isNull ? [] : BoundTruncation.Upper(type, page.Statistics.Max, out _);
            if (min is null || max is null) return false;
            (mins[i], maxs[i]) = (min, max);
        }
        var writer = new ThriftWriter(output);
        writer.BeginStruct();
        writer.List(1, ThriftType.True, pages.Count);
        foreach (var page in pages) writer.BooleanElement(page.Statistics.NullCount == page.RowCount);
        writer.List(2, ThriftType.Binary, pages.Count);
        foreach (var min in mins) writer.BinaryElement(min);
        writer.List(3, ThriftType.Binary, pages.Count);
        foreach (var max in maxs) writer.BinaryElement(max);
        writer.Int32(4, (int)OrderOf(pages, mins, maxs, type));
        writer.List(5, ThriftType.Int64, pages.Count);
        foreach (var page in pages) writer.NumberElement(page.Statistics.NullCount);
        writer.EndStruct();
        return true;
    }

    /// <summary>Appends the offset index; <paramref name="firstPageOffset"/> is where the first data page is in the file.</summary>
    public static void WriteOffsetIndex(IReadOnlyList<EncodedPage> pages, long firstPageOffset, ByteBuffer output)
    {
        var writer = new ThriftWriter(output);
        writer.BeginStruct();
        writer.List(1, ThriftType.Struct, pages.Count);
        foreach (var page in pages)
        {
            writer.BeginStruct();
            writer.Int64(1, firstPageOffset + page.Offset);
            writer.Int32(2, page.Bytes);
            writer.Int64(3, page.FirstRow);
            writer.EndStruct();
        }
        writer.EndStruct();
    }

    static BoundaryOrder OrderOf(IReadOnlyList<EncodedPage> pages, byte[][] mins, byte[][] maxs, DataType type)
    {
        bool ascending = true, descending = true;
        var last = -1;
        for (var i = 0; i < pages.Count; i++)
        {
            if (pages[i].Statistics.NullCount == pages[i].RowCount) continue;
            if (last >= 0)
            {
                var (min, max) = (PlainOrder.Compare(type, mins[last], mins[i]), PlainOrder.Compare(type, maxs[last], maxs[i]));
                ascending &= min <= 0 && max <= 0;
                descending &= min >= 0 && max >= 0;
            }
            last = i;
        }
        return ascending ? BoundaryOrder.Ascending : descending ? BoundaryOrder.Descending : BoundaryOrder.Unordered;
    }
}
