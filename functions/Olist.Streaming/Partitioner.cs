namespace Olist.Streaming;

/// <summary>Which partition a key belongs to: murmur2 as the Java client does it, so that every producer of a topic agrees.</summary>
public static class Partitioner
{
    public static int Of(ReadOnlySpan<byte> key, int partitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        return (int)(Murmur2(key) & 0x7FFFFFFF) % partitions;
    }

    static uint Murmur2(ReadOnlySpan<byte> data)
    {
        const uint M = 0x5bd1e995;
        var hash = 0x9747b28c ^ (uint)data.Length;
        while (data.Length >= 4)
        {
            var k = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(data) * M;
            k = (k ^ (k >> 24)) * M;
            hash = (hash * M) ^ k;
            data = data[4..];
        }
        if (data.Length >= 3) hash ^= (uint)data[2] << 16;
        if (data.Length >= 2) hash ^= (uint)data[1] << 8;
        if (data.Length >= 1) hash = (hash ^ data[0]) * M;
        hash = (hash ^ (hash >> 13)) * M;
        return hash ^ (hash >> 15);
    }
}
