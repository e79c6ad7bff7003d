using System.Buffers.Binary;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Pages;

namespace Olist.Formats.Parquet.Reading;

/// <summary>The two parts of a data page: definition levels (empty in a required column) and values.</summary>
readonly ref struct PageBody
{
    public ReadOnlySpan<byte> Levels { get; private init; }
    public ReadOnlySpan<byte> Values { get; private init; }

    /// <summary>Checks, decompresses and splits a page; valid until the decompressor's next page.</summary>
    public static PageBody Open(ReadOnlySpan<byte> chunk, RawPage page, CompressionCodec codec, bool isOptional, PageDecompressor decompressor)
    {
        var header = page.Header;
        var raw = chunk.Slice(page.BodyOffset, header.CompressedBytes);
        Verify(raw, header);
        return header.Type == PageType.DataV2
            ? OpenV2(raw, header, codec, isOptional, decompressor)
            : OpenV1(decompressor.Decompress(codec, raw, header.UncompressedBytes), header, isOptional);
    }

    /// <summary>The entries of a dictionary page.</summary>
    public static ReadOnlySpan<byte> OpenDictionary(ReadOnlySpan<byte> chunk, RawPage page, CompressionCodec codec, PageDecompressor decompressor)
    {
        var raw = chunk.Slice(page.BodyOffset, page.Header.CompressedBytes);
        Verify(raw, page.Header);
        if (page.Header.Encoding is not (PageEncoding.Plain or PageEncoding.PlainDictionary)) throw new FormatViolationException($"a dictionary in encoding {page.Header.Encoding}");
        return decompressor.Decompress(codec, raw, page.Header.UncompressedBytes);
    }

    /// <exception cref="FormatViolationException">The page has a checksum, and another one than its bytes.</exception>
    public static void Verify(ReadOnlySpan<byte> raw, PageHeader header)
    {
        if (header.Crc is { } crc && (int)Crc32.Of(raw) != crc) throw new FormatViolationException($"its checksum is {Crc32.Of(raw):x8}, the header says {crc:x8}: the page is damaged");
    }

    static PageBody OpenV1(ReadOnlySpan<byte> body, PageHeader header, bool isOptional)
    {
        if (!isOptional) return new PageBody { Values = body };
        if (header.DefinitionEncoding == PageEncoding.BitPacked) throw new FormatViolationException("definition levels in the deprecated encoding BIT_PACKED");
        if (body.Length == 0 && header.ValueCount == 0) return default;
        if (body.Length < 4) throw new FormatViolationException($"a body of {body.Length} bytes without definition levels");
        var length = BinaryPrimitives.ReadInt32LittleEndian(body);
        if (length < 0 || length > body.Length - 4) throw new FormatViolationException($"definition levels of {length} bytes in a body of {body.Length}");
        return new PageBody { Levels = body.Slice(4, length), Values = body[(4 + length)..] };
    }

    static PageBody OpenV2(ReadOnlySpan<byte> raw, PageHeader header, CompressionCodec codec, bool isOptional, PageDecompressor decompressor)
    {
        if (header.RepetitionBytes != 0) throw new FormatViolationException($"{header.RepetitionBytes} bytes of repetition levels in a flat column");
        var levels = header.DefinitionBytes;
        if (levels < 0 || levels > raw.Length || levels > header.UncompressedBytes) throw new FormatViolationException($"definition levels of {levels} bytes in a page of {raw.Length}");
        if (isOptional && levels == 0 && header.ValueCount > 0) throw new FormatViolationException("no definition levels in an optional column");
        var values = raw[levels..];
        if (header.IsCompressed) values = decompressor.Decompress(codec, values, header.UncompressedBytes - levels);
        return new PageBody { Levels = isOptional ? raw[..levels] : default, Values = values };
    }
}
