using Olist.Storage;

namespace Olist.Functions.Tests.Crashes.Child;

/// <summary>A store whose writes are durable steps, named by layer and kind of file: <c>lake.gold.metadata.create.after</c>.</summary>
sealed class StepStore(IObjectStore inner, DurableSteps steps, string name) : IObjectStore
{
    public string RootUri => inner.RootUri;

    string Name(string key, string verb)
    {
        var layer = key.Contains('/', StringComparison.Ordinal) ? key[..key.IndexOf('/', StringComparison.Ordinal)] + "." : "";
        return $"{name}.{layer}{KindOf(key)}.{verb}";
    }

    static string KindOf(string key)
    {
        var file = key[(key.LastIndexOf('/') + 1)..];
        if (file.EndsWith(".metadata.json", StringComparison.Ordinal)) return "metadata";
        if (file.StartsWith("version-hint", StringComparison.Ordinal)) return "hint";
        if (file.StartsWith("snap-", StringComparison.Ordinal)) return "manifest-list";
        if (file.EndsWith(".avro", StringComparison.Ordinal)) return "manifest";
        return file.EndsWith(".parquet", StringComparison.Ordinal) ? "data" : file;
    }

    public ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

    public ValueTask<byte[]> ReadAsync(string key, CancellationToken cancellationToken) => inner.ReadAsync(key, cancellationToken);

    public ValueTask ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        inner.ReadAsync(key, offset, destination, cancellationToken);

    public ValueTask<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        steps.AroundAsync(Name(key, "create"), () => inner.TryCreateAsync(key, content, cancellationToken));

    public ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        steps.AroundAsync(Name(key, "put"), () => inner.PutAsync(key, content, cancellationToken));

    public async ValueTask<ObjectWriter> OpenWriteAsync(string key, CancellationToken cancellationToken) =>
        new Writer(await inner.OpenWriteAsync(key, cancellationToken), steps, Name(key, "write"));

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellationToken) => inner.ListFoldersAsync(folder, cancellationToken);

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken) =>
        steps.AroundAsync(Name(key, "delete"), () => inner.DeleteAsync(key, cancellationToken));

    sealed class Writer(ObjectWriter inner, DurableSteps steps, string name) : ObjectWriter
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => inner.CanWrite;
        public override long Length => inner.Length;
        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
        public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);
        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override ValueTask CompleteAsync(CancellationToken cancellationToken) => steps.AroundAsync(name, () => inner.CompleteAsync(cancellationToken));

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
