using System.Buffers.Binary;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Pages;

namespace Olist.Formats.Parquet.Reading.Nested;

/// <summary>The three parts of a data page of a nested column; levels are empty where the column has none of the kind.</summary>
readonly ref struct LevelledPage
{
    public ReadOnlySpan<byte> Repetitions { get; private init; }
    public ReadOnlySpan<byte> Definitions { get; private init; }
    public ReadOnlySpan<byte> Values { get; private init; }

    /// <summary>Checks, decompresses and splits a page; valid until the decompressor's next page.</summary>
    public static LevelledPage Open(ReadOnlySpan<byte> chunk, RawPage page, CompressionCodec codec, bool isRepeated, bool isOptional, PageDecompressor decompressor)
    {
        var header = page.Header;
        var raw = chunk.Slice(page.BodyOffset, header.CompressedBytes);
        PageBody.Verify(raw, header);
        if (header.Type == PageType.DataV2) return OpenV2(raw, header, codec, decompressor);
        var body = decompressor.Decompress(codec, raw, header.UncompressedBytes);
        if (header.ValueCount == 0) return default;
        if (isRepeated && header.RepetitionEncoding == PageEncoding.BitPacked || isOptional && header.DefinitionEncoding == PageEncoding.BitPacked)
            throw new FormatViolationException("levels in the deprecated encoding BIT_PACKED");
        var repetitions = isRepeated ? TakeLevels(ref body, "repetition") : default;
        var definitions = isOptional ? TakeLevels(ref body, "definition") : default;
        return new LevelledPage { Repetitions = repetitions, Definitions = definitions, Values = body };
    }

    static ReadOnlySpan<byte> TakeLevels(scoped ref ReadOnlySpan<byte> body, string kind)
    {
        if (body.Length < 4) throw new FormatViolationException($"a body of {body.Length} bytes without {kind} levels");
        var length = BinaryPrimitives.ReadInt32LittleEndian(body);
        if (length < 0 || length > body.Length - 4) throw new FormatViolationException($"{kind} levels of {length} bytes in a body of {body.Length}");
        var levels = body.Slice(4, length);
        body = body[(4 + length)..];
        return levels;
    }

    static LevelledPage OpenV2(ReadOnlySpan<byte> raw, PageHeader header, CompressionCodec codec, PageDecompressor decompressor)
    {
        var (repetition, definition) = (header.RepetitionBytes, header.DefinitionBytes);
        if (repetition < 0 || definition < 0 || (long)repetition + definition > Math.Min(raw.Length, header.UncompressedBytes))
            throw new FormatViolationException($"levels of {repetition} and {definition} bytes in a page of {raw.Length}");
        var values = raw[(repetition + definition)..];
        if (header.IsCompressed) values = decompressor.Decompress(codec, values, header.UncompressedBytes - repetition - definition);
        return new LevelledPage { Repetitions = raw[..repetition], Definitions = raw.Slice(repetition, definition), Values = values };
    }
}
