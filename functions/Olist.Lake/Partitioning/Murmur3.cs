using System.Buffers.Binary;
using System.Numerics;

namespace Olist.Lake.Partitioning;

/// <summary>Murmur3, x86, 32 bits, seed 0: the hash of bucket partitions.</summary>
static class Murmur3
{
    const uint C1 = 0xCC9E2D51, C2 = 0x1B873593;

    public static int Hash(ReadOnlySpan<byte> bytes)
    {
        uint hash = 0;
        var rest = bytes;
        for (; rest.Length >= 4; rest = rest[4..])
            hash = BitOperations.RotateLeft(hash ^ Scramble(BinaryPrimitives.ReadUInt32LittleEndian(rest)), 13) * 5 + 0xE6546B64;
        uint tail = 0;
        for (var i = rest.Length - 1; i >= 0; i--) tail = (tail << 8) | rest[i];
        return Finish(hash ^ Scramble(tail), bytes.Length);
    }

    public static int Hash(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Hash(bytes);
    }

    static uint Scramble(uint block) => BitOperations.RotateLeft(block * C1, 15) * C2;

    static int Finish(uint hash, int length)
    {
        hash ^= (uint)length;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return (int)(hash ^ (hash >> 16));
    }
}
