namespace Olist.Pipeline.Tests.Datasets;

/// <summary>Gives a file in pieces of random size, as pipes and networks do.</summary>
sealed class TrickleStream(byte[] file, Random random, int maxPiece) : Stream
{
    int _at;

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (count == 0) throw new InvalidOperationException("The reader asked for nothing: its buffer is full.");
        var piece = Math.Min(Math.Min(count, random.Next(1, maxPiece + 1)), file.Length - _at);
        file.AsSpan(_at, piece).CopyTo(buffer.AsSpan(offset));
        _at += piece;
        return piece;
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => file.Length;
    public override long Position { get => _at; set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
