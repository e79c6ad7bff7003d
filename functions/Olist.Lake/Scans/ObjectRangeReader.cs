using Olist.Formats;
using Olist.Storage;

namespace Olist.Lake;

/// <summary>An object of known length as codecs read it. A small object is fetched whole at the first read, as requests cost more than its bytes.</summary>
public sealed class ObjectRangeReader(IObjectStore store, string key, long length, int wholeBytes = 64 << 10) : IRangeReader
{
    byte[]? _whole;

    public string Name => $"{store.RootUri}/{key}";

    public long Length => length;

    public async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (offset + destination.Length > length)
            throw new EndOfStreamException($"{Name} has {length} bytes; {destination.Length} were asked for from {offset} on.");
        if (length > wholeBytes)
        {
            await store.ReadAsync(key, offset, destination, cancellationToken);
            return;
        }
        // Two threads may both fetch; both get the same bytes.
        var whole = _whole ??= await FetchAsync(cancellationToken);
        whole.AsMemory((int)offset, destination.Length).CopyTo(destination);
    }

    async ValueTask<byte[]> FetchAsync(CancellationToken cancellationToken)
    {
        var content = await store.ReadAsync(key, cancellationToken);
        return content.Length == length ? content : throw new EndOfStreamException($"{Name} has {content.Length} bytes; expected {length}.");
    }
}
