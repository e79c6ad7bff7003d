using System.Buffers.Binary;
using System.Numerics;

namespace Olist.Formats.Checksums;

/// <summary>CRC-32C (Castagnoli, reflected polynomial 0x82F63B78): what log batches and framed files are sealed with.</summary>
public static class Crc32C
{
    /// <summary>The checksum of <paramref name="data"/>.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="seed">The checksum of the bytes before these, so that a checksum can be taken in parts; 0 at the start.</param>
    public static uint Compute(ReadOnlySpan<byte> data, uint seed = 0)
    {
        // BitOperations is the processor's own instruction (SSE 4.2, ARM CRC) and a table where there is none.
        var crc = ~seed;
        while (data.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[8..];
        }
        foreach (var value in data) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
