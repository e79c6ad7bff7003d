using System.Security.Cryptography;

namespace Olist.Lake.Commits;

/// <summary>Snapshot ids, names of files, and waits of writers that lost a race. Safe to use from many threads.</summary>
sealed class IdSource(int? seed)
{
    /// <summary>JavaScript readers round larger numbers, and then read another snapshot without a word.</summary>
    const long MaxSnapshotId = (1L << 53) - 1;

#pragma warning disable CA5394 // ids must be distinct, not secret; a seed is for tests
    readonly Random? _seeded = seed is { } given ? new Random(given) : null;

    public long NextSnapshotId()
    {
        while (true)
        {
            var id = (long)(BitConverter.ToUInt64(NextBytes(8)) & MaxSnapshotId);
            if (id > 0) return id;
        }
    }

    public Guid NextUuid()
    {
        var bytes = NextBytes(16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40); // version 4, variant 1
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>At least 0, below 1.</summary>
    public double NextFraction() => BitConverter.ToUInt32(NextBytes(4)) / (uint.MaxValue + 1.0);

    byte[] NextBytes(int count)
    {
        var bytes = new byte[count];
        if (_seeded is null) RandomNumberGenerator.Fill(bytes);
        else lock (_seeded) _seeded.NextBytes(bytes);
        return bytes;
    }
#pragma warning restore CA5394
}
