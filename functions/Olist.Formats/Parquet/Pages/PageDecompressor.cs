using System.Buffers;
using System.IO.Compression;
using Olist.Formats.Compression;
using Olist.Formats.Parquet.Metadata;

namespace Olist.Formats.Parquet.Pages;

/// <summary>Decompresses page bodies into one buffer that is used again for every page. Not for several threads.</summary>
sealed class PageDecompressor : IDisposable
{
    /// <summary>More than anybody writes; a page that says it is larger is damaged.</summary>
    public const int MaxPageBytes = 1 << 30;

    byte[] _buffer = [];

    /// <summary>The body; valid until the next call, or as long as the compressed bytes where there is no compression.</summary>
    public ReadOnlySpan<byte> Decompress(CompressionCodec codec, ReadOnlySpan<byte> compressed, int length)
    {
        if (codec == CompressionCodec.None)
            return compressed.Length == length ? compressed : throw new FormatViolationException($"an uncompressed page of {compressed.Length} bytes says it has {length}");
        if (length == 0) return default;
        CheckRatio(codec, compressed.Length, length);
        if (_buffer.Length < length)
        {
            if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(length);
        }
        var target = _buffer.AsSpan(0, length);
        switch (codec)
        {
            case CompressionCodec.Snappy:
                Snappy.Decompress(compressed, target);
                break;
            case CompressionCodec.Lz4Raw:
                Lz4Block.Decompress(compressed, target);
                break;
            case CompressionCodec.Gzip:
                Inflate(compressed, target, static source => new GZipStream(source, CompressionMode.Decompress));
                break;
            case CompressionCodec.Brotli:
                using (var decoder = new BrotliDecoder())
                    if (decoder.Decompress(compressed, target, out _, out var written) != OperationStatus.Done || written != length)
                        throw new FormatViolationException($"Brotli data that does not give {length} bytes");
                break;
            default: throw new FormatViolationException($"codec {codec} is not supported; none, SNAPPY, GZIP, BROTLI and LZ4_RAW are");
        }
        return target;
    }

    /// <summary>Refuses lengths that the codec cannot reach, before memory is taken for them.</summary>
    static void CheckRatio(CompressionCodec codec, int compressed, int length)
    {
        var most = codec switch
        {
            CompressionCodec.Snappy => 64L,
            CompressionCodec.Lz4Raw => 256L,
            CompressionCodec.Gzip => 1100L,
            _ => 1L << 20,
        };
        if (length > Math.Min(MaxPageBytes, (compressed + 16L) * most)) throw new FormatViolationException($"a page of {compressed} bytes says it holds {length} ({codec})");
    }

    static unsafe void Inflate(ReadOnlySpan<byte> compressed, Span<byte> target, Func<Stream, Stream> open)
    {
        fixed (byte* start = compressed)
        {
            using var stream = open(new UnmanagedMemoryStream(start, compressed.Length));
            try
            {
                stream.ReadExactly(target);
                if (stream.ReadByte() >= 0) throw new FormatViolationException($"GZIP data of more than {target.Length} bytes");
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                throw new FormatViolationException($"GZIP data that does not give {target.Length} bytes: {e.Message}", e);
            }
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
