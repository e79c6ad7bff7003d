using Olist.Formats.Parquet.Reading;
using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Indexes;

/// <summary>A data page: its bytes in the file, header included, and its rows.</summary>
readonly record struct PageLocation(ByteRange Bytes, RowRange Rows);

/// <summary>Where the pages of a chunk are. Believed only when it tells of pages that follow each other without a gap, from the first to the end of the chunk.</summary>
static class OffsetIndex
{
    /// <returns>Null when it contradicts itself or the chunk: the chunk can still be read as a whole.</returns>
    public static PageLocation[]? Parse(ReadOnlySpan<byte> bytes, ByteRange chunk, long firstPageOffset, int rowCount)
    {
        try
        {
            var locations = Read(bytes);
            return locations is not null && AreSound(locations, chunk, firstPageOffset, rowCount) ? ToPages(locations, rowCount) : null;
        }
        catch (FormatViolationException)
        {
            // A hint that is damaged is no hint.
            return null;
        }
    }

    static List<(long Offset, int Bytes, long FirstRow)>? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ThriftReader(bytes);
        List<(long, int, long)>? locations = null;
        short id = 0;
        while (reader.NextField(ref id, out var type))
        {
            if (id != 1)
            {
                reader.Skip(type);
                continue;
            }
            var count = reader.List(type, ThriftType.Struct);
            locations = new List<(long, int, long)>(Math.Min(count, 4096));
            for (var i = 0; i < count; i++) locations.Add(ReadLocation(ref reader));
        }
        return locations;
    }

    static (long Offset, int Bytes, long FirstRow) ReadLocation(ref ThriftReader reader)
    {
        var (offset, bytes, firstRow) = (-1L, -1, -1L);
        short id = 0;
        while (reader.NextField(ref id, out var type))
            switch (id)
            {
                case 1: offset = reader.Int64(type); break;
                case 2: bytes = reader.Int32(type); break;
                case 3: firstRow = reader.Int64(type); break;
                default: reader.Skip(type); break;
            }
        return (offset, bytes, firstRow);
    }

    static bool AreSound(List<(long Offset, int Bytes, long FirstRow)> locations, ByteRange chunk, long firstPageOffset, int rowCount)
    {
        if (locations.Count == 0 || locations[0].FirstRow != 0 || locations[0].Offset != firstPageOffset) return false;
        for (var i = 0; i < locations.Count; i++)
        {
            var (offset, bytes, firstRow) = locations[i];
            var isLast = i == locations.Count - 1;
            if (bytes <= 0 || offset < chunk.Offset || offset + bytes > chunk.EndExcl || firstRow > rowCount) return false;
            if (!isLast && (locations[i + 1].Offset != offset + bytes || locations[i + 1].FirstRow < firstRow)) return false;
        }
        return true;
    }

    static PageLocation[] ToPages(List<(long Offset, int Bytes, long FirstRow)> locations, int rowCount)
    {
        var pages = new PageLocation[locations.Count];
        for (var i = 0; i < pages.Length; i++)
        {
            var (offset, bytes, firstRow) = locations[i];
            var end = i + 1 < pages.Length ? locations[i + 1].FirstRow : rowCount;
            pages[i] = new PageLocation(new ByteRange(offset, bytes), new RowRange((int)firstRow, (int)end));
        }
        return pages;
    }
}
