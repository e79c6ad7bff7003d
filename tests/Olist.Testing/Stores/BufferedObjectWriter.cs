using Olist.Storage;

namespace Olist.Testing.Stores;

/// <summary>Collects the bytes and puts them in one piece.</summary>
public sealed class BufferedObjectWriter(IObjectStore target, string key) : ObjectWriter
{
    readonly MemoryStream _buffer = new();

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => _buffer.Length;
    public override long Position { get => _buffer.Position; set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => _buffer.Write(buffer, offset, count);
    public override void Write(ReadOnlySpan<byte> buffer) => _buffer.Write(buffer);
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    public override ValueTask CompleteAsync(CancellationToken cancellationToken) => target.PutAsync(key, _buffer.ToArray(), cancellationToken);
}
