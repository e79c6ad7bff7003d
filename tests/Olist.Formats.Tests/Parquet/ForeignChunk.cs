using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Reading;
using Olist.Formats.Parquet.Schema;
using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Tests.Parquet;

/// <summary>A column chunk put together by hand, the way other writers might: any encoding, v1 pages, no checksums.</summary>
sealed class ForeignChunk(SchemaElement element)
{
    readonly List<byte> _bytes = [];
    int _rows;

    public ForeignChunk Dictionary(byte[] body, int entries)
    {
        Add(new PageHeader { Type = PageType.Dictionary, Encoding = PageEncoding.Plain, ValueCount = entries }, body);
        return this;
    }

    /// <param name="encoding">Of the values.</param>
    /// <param name="values">Encoded.</param>
    /// <param name="validity">One per row, or how many rows there are in a required column.</param>
    public ForeignChunk Page(PageEncoding encoding, byte[] values, params bool[] validity)
    {
        byte[] body = values;
        if (element.Repetition == Repetition.Optional)
        {
            var levels = DullEncodings.Hybrid(validity.Select(valid => valid ? 1 : 0), 1);
            body = [.. BitConverter.GetBytes(levels.Length), .. levels, .. values];
        }
        Add(new PageHeader { Type = PageType.Data, Encoding = encoding, ValueCount = validity.Length }, body);
        _rows += validity.Length;
        return this;
    }

    public byte[] Bytes => [.. _bytes];

    public Column Decode(byte[]? bytes = null)
    {
        var schema = new ReadSchema([new SchemaElement("root") { ChildCount = 1 }, element]);
        var leaf = schema.Leaves[0];
        Assert.Null(leaf.Refusal);
        var column = ChunkDecoder.Create(leaf, _rows).Decode(bytes ?? Bytes, CompressionCodec.None);
        return Conversion.Apply(column, leaf, leaf.Type!.Value);
    }

    void Add(PageHeader header, byte[] body)
    {
        header.UncompressedBytes = header.CompressedBytes = body.Length;
        using var buffer = new ByteBuffer();
        header.Write(new ThriftWriter(buffer));
        _bytes.AddRange(buffer.Span);
        _bytes.AddRange(body);
    }
}
