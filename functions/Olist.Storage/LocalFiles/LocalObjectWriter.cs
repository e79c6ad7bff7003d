namespace Olist.Storage.LocalFiles;

/// <summary>A file that becomes the object on completion.</summary>
/// <param name="path">Of the object.</param>
/// <param name="file">What is written; removed when the writer is not completed.</param>
/// <param name="finish">Given the finished, still open file, makes it the object, and owns it from there on.</param>
sealed class LocalObjectWriter(string path, LocalFile file, Func<LocalFile, ValueTask> finish) : ObjectWriter
{
    bool _completed;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => !_completed;
    public override long Length => file.Length;
    public override long Position { get => file.Length; set => throw new NotSupportedException("Objects are written from front to back."); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    public override void Write(ReadOnlySpan<byte> buffer) => file.Write(buffer);

    // Local writes go to the page cache: handing them to another thread costs more than they do.
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            file.Write(buffer.Span);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LocalObjectStore.Failed("write", path, e);
        }
        return ValueTask.CompletedTask;
    }

    public override void Flush() { }
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Objects are written here, not read.");
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("Objects are written from front to back.");
    public override void SetLength(long value) => throw new NotSupportedException("Objects are written from front to back.");

    public override async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_completed, this);
        try
        {
            await finish(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LocalObjectStore.Failed("write", path, e);
        }
        _completed = true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_completed) LocalFolder.Remove(file);
        base.Dispose(disposing);
    }
}
