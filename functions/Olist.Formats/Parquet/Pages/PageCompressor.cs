using System.IO.Compression;
using Olist.Formats.Compression;

namespace Olist.Formats.Parquet.Pages;

/// <summary>Compresses page bodies for writing.</summary>
static class PageCompressor
{
    /// <summary>Appends the compressed body.</summary>
    public static void Compress(ParquetCodec codec, ReadOnlySpan<byte> body, ByteBuffer output)
    {
        switch (codec)
        {
            case ParquetCodec.None:
                output.Write(body);
                break;
            case ParquetCodec.Snappy:
                var room = output.Reserve(Snappy.MaxCompressedLength(body.Length));
                output.Advance(Snappy.Compress(body, room));
                break;
            case ParquetCodec.Gzip:
                using (var target = new BufferStream(output))
                using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
                    gzip.Write(body);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(codec), codec, "No such codec.");
        }
    }

    /// <summary>Lets a stream-based codec write into a buffer.</summary>
    sealed class BufferStream(ByteBuffer buffer) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] source, int offset, int count) => buffer.Write(source.AsSpan(offset, count));
        public override void Write(ReadOnlySpan<byte> source) => buffer.Write(source);
    }
}
