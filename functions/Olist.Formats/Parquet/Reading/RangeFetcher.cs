using System.Buffers;

namespace Olist.Formats.Parquet.Reading;

/// <summary>Fetches several ranges in as few requests as make sense: neighbours together, with what little lies between them.</summary>
sealed class RangeFetcher : IDisposable
{
    /// <summary>Up to here, reading over a gap costs less than another request to an object store.</summary>
    const int MaxGapBytes = 256 << 10;

    /// <summary>One request is not made longer than this by joining.</summary>
    const int MaxJoinedBytes = 32 << 20;

    readonly List<(ByteRange Range, byte[] Bytes)> _fetched = [];

    /// <summary>Reads all ranges; those inside of the tail that opening the file has read already cost nothing.</summary>
    public static async ValueTask<RangeFetcher> FetchAsync(IRangeReader source, IEnumerable<ByteRange> ranges, ReadOnlyMemory<byte> tail, long tailOffset, CancellationToken cancellationToken)
    {
        var fetcher = new RangeFetcher { Tail = tail, TailOffset = tailOffset };
        try
        {
            foreach (var range in Join(ranges.Where(range => range.Length > 0 && range.Offset < tailOffset)))
            {
                var bytes = ArrayPool<byte>.Shared.Rent(checked((int)range.Length));
                fetcher._fetched.Add((range, bytes));
                await source.ReadAsync(range.Offset, bytes.AsMemory(0, (int)range.Length), cancellationToken);
            }
            return fetcher;
        }
        catch
        {
            fetcher.Dispose();
            throw;
        }
    }

    ReadOnlyMemory<byte> Tail { get; init; }
    long TailOffset { get; init; }

    /// <summary>The bytes of a range that was asked for; valid until <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> this[ByteRange range]
    {
        get
        {
            if (range.Length == 0) return default;
            if (range.Offset >= TailOffset) return Tail.Slice((int)(range.Offset - TailOffset), (int)range.Length);
            foreach (var (fetched, bytes) in _fetched)
                if (range.Offset >= fetched.Offset && range.EndExcl <= fetched.EndExcl)
                    return bytes.AsMemory((int)(range.Offset - fetched.Offset), (int)range.Length);
            throw new InvalidOperationException($"Bytes {range.Offset} to {range.EndExcl} were not fetched.");
        }
    }

    static List<ByteRange> Join(IEnumerable<ByteRange> ranges)
    {
        var joined = new List<ByteRange>();
        foreach (var range in ranges.OrderBy(range => range.Offset))
        {
            if (joined.Count > 0 && range.Offset - joined[^1].EndExcl <= MaxGapBytes
                && (range.EndExcl <= joined[^1].EndExcl || range.EndExcl - joined[^1].Offset <= MaxJoinedBytes))
                joined[^1] = joined[^1] with { Length = Math.Max(joined[^1].EndExcl, range.EndExcl) - joined[^1].Offset };
            else joined.Add(range);
        }
        return joined;
    }

    public void Dispose()
    {
        foreach (var (_, bytes) in _fetched) ArrayPool<byte>.Shared.Return(bytes);
        _fetched.Clear();
    }
}
