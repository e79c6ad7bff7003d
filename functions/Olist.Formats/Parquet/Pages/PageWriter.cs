using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Pages;

/// <summary>Turns page bodies into pages: compressed, with checksum and header. One at a time, not for several threads.</summary>
sealed class PageWriter(ParquetCodec codec) : IDisposable
{
    readonly ByteBuffer _compressed = new();

    /// <summary>The body of the page in the making.</summary>
    public ByteBuffer Body { get; } = new();

    /// <summary>Appends the page to <paramref name="output"/> and empties <see cref="Body"/>.</summary>
    /// <returns>Bytes of the page before compression, header included, as metadata counts them.</returns>
    public int Write(PageType type, PageEncoding encoding, int valueCount, ByteBuffer output)
    {
        var page = Body;
        if (codec != ParquetCodec.None)
        {
            PageCompressor.Compress(codec, Body.Span, _compressed);
            page = _compressed;
        }
        var header = new PageHeader
        {
            Type = type,
            Encoding = encoding,
            ValueCount = valueCount,
            UncompressedBytes = Body.Length,
            CompressedBytes = page.Length,
            Crc = (int)Crc32.Of(page.Span),
        };
        var start = output.Length;
        header.Write(new ThriftWriter(output));
        var uncompressed = output.Length - start + Body.Length;
        output.Write(page.Span);
        Body.Truncate();
        _compressed.Truncate();
        return uncompressed;
    }

    public void Dispose()
    {
        Body.Dispose();
        _compressed.Dispose();
    }
}
