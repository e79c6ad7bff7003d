namespace Olist.Formats;

/// <summary>Random access to a finished file of known length; how codecs read without knowing where bytes live.</summary>
public interface IRangeReader
{
    /// <summary>What errors call the file: its key or path.</summary>
    string Name { get; }

    long Length { get; }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/>; safe to call from several threads.</summary>
    /// <exception cref="EndOfStreamException">The file has fewer bytes.</exception>
    ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken);
}
