using Olist.Formats.Parquet.Pages;
using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Metadata;

/// <summary>How many pages of a chunk are of one type and encoding; readers prune by dictionary only when this says that all data pages use it.</summary>
readonly record struct PageEncodingCount(PageType Page, PageEncoding Encoding, int Count)
{
    public void Write(ThriftWriter writer)
    {
        writer.BeginStruct();
        writer.Int32(1, (int)Page);
        writer.Int32(2, (int)Encoding);
        writer.Int32(3, Count);
        writer.EndStruct();
    }

    public static PageEncodingCount Read(ref ThriftReader reader)
    {
        var count = default(PageEncodingCount);
        short id = 0;
        while (reader.NextField(ref id, out var type))
            switch (id)
            {
                case 1: count = count with { Page = (PageType)reader.Int32(type) }; break;
                case 2: count = count with { Encoding = (PageEncoding)reader.Int32(type) }; break;
                case 3: count = count with { Count = reader.Int32(type) }; break;
                default: reader.Skip(type); break;
            }
        return count;
    }

    /// <exception cref="FormatViolationException">The pages of a chunk are not those that were counted.</exception>
    public static void Check(IReadOnlyList<RawPage> pages, IReadOnlyList<PageEncodingCount> expected)
    {
        foreach (var (type, encoding, count) in expected)
        {
            var found = 0;
            foreach (var page in pages)
                if (page.Header.Type == type && page.Header.Encoding == encoding) found++;
            if (found != count) throw new FormatViolationException($"it has {found} pages of type {type} in encoding {encoding}, the footer says {count}: a page header is damaged");
        }
    }
}
