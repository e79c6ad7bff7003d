namespace Olist.Formats.Tests.Parquet;

/// <summary>A file in memory that counts how it is read.</summary>
sealed class MemoryFile(byte[] bytes, string name = "memory.parquet") : IRangeReader
{
    int _reads;
    long _bytesRead;

    public string Name => name;
    public long Length => bytes.Length;
    public int Reads => _reads;
    public long BytesRead => _bytesRead;

    public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        Interlocked.Add(ref _bytesRead, destination.Length);
        if (offset < 0 || offset + destination.Length > bytes.Length) throw new EndOfStreamException($"{name} has {bytes.Length} bytes, not {offset + destination.Length}.");
        bytes.AsMemory((int)offset, destination.Length).CopyTo(destination);
        return ValueTask.CompletedTask;
    }
}
