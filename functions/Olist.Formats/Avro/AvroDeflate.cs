using System.Buffers;
using System.IO.Compression;

namespace Olist.Formats.Avro;

/// <summary>The <c>deflate</c> codec of container files: raw RFC 1951, without the header of zlib or gzip.</summary>
static class AvroDeflate
{
    /// <summary>No writer makes blocks like that; a small damaged one could otherwise inflate to a thousand times its size.</summary>
    const int MaxBlockBytes = 256 << 20;

    public static byte[] Deflate(ReadOnlySpan<byte> bytes)
    {
        using var output = new MemoryStream();
        using (var deflate = new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(bytes);
        return output.ToArray();
    }

    public static byte[] Inflate(ReadOnlySpan<byte> bytes, string source)
    {
        using var input = new MemoryStream(bytes.ToArray(), writable: false);
        using var inflate = new DeflateStream(input, CompressionMode.Decompress);
        using var output = new MemoryStream();
        var chunk = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            for (var read = inflate.Read(chunk); read > 0; read = inflate.Read(chunk))
            {
                output.Write(chunk, 0, read);
                if (output.Length > MaxBlockBytes) throw new FormatViolationException($"{source}: more than {MaxBlockBytes} bytes.");
            }
        }
        catch (InvalidDataException exception)
        {
            throw new FormatViolationException($"{source}: not a raw deflate stream ({exception.Message})", exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
        return output.ToArray();
    }
}
