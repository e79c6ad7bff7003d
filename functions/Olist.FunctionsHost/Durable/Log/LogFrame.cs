using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Olist.FunctionsHost.Durable.Log;

/// <summary>
/// A frame of the durable log: <c>payload length: u32 | CRC-32C of the payload: u32 | payload</c>, little endian.
/// A length of zero never occurs, so a run of zeros is no frame.
/// </summary>
static class LogFrame
{
    public const int HeaderBytes = 8;
    public const int MaxPayloadBytes = 256 << 20;

    public static void WriteHeader(Span<byte> header, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Checksum(payload));
    }

    /// <summary>The payload at the start of the bytes; false when there is no whole, sound frame.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (bytes.Length < HeaderBytes) return false;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length is 0 or > MaxPayloadBytes || length > bytes.Length - HeaderBytes) return false;
        var candidate = bytes.Slice(HeaderBytes, (int)length);
        if (Checksum(candidate) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..])) return false;
        payload = candidate;
        return true;
    }

    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var rest in bytes[(words.Length * sizeof(ulong))..]) crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}
