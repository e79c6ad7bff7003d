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
}
