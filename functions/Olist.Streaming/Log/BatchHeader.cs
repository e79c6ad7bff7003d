using System.Buffers.Binary;
using Olist.Formats.Checksums;

namespace Olist.Streaming.Log;

/// <summary>The fixed head of a batch of records; README.md draws it.</summary>
/// <param name="BodyCrc">CRC-32C of the records.</param>
/// <param name="BodyBytes">Bytes of the records.</param>
/// <param name="Count">Records.</param>
/// <param name="LastOffsetDelta">Offset of the last record minus <paramref name="BaseOffset"/>; <c>Count - 1</c> unless compaction left gaps, -1 for a marker that only carries a sequence.</param>
/// <param name="BaseOffset">Offset of the first record.</param>
/// <param name="BaseTimestampMs">What the records' timestamps are relative to.</param>
/// <param name="MaxTimestampMs">The latest of them.</param>
/// <param name="Producer">Hash of the producer's name, 0 for none.</param>
/// <param name="LastSequence">The producer's highest sequence so far, or -1.</param>
readonly record struct BatchHeader(
    uint BodyCrc, int BodyBytes, int Count, int LastOffsetDelta, long BaseOffset, long BaseTimestampMs, long MaxTimestampMs, ulong Producer, long LastSequence)
{
    public const int Bytes = 64;

    const uint Magic = 0x31424C4F;   // "OLB1" in file order

    public long NextOffset => BaseOffset + LastOffsetDelta + 1;

    public int TotalBytes => Bytes + BodyBytes;

    /// <summary>Whether each record carries its offset, since they do not follow each other.</summary>
    public bool IsSparse => Count - 1 != LastOffsetDelta;

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], BodyCrc);
        BinaryPrimitives.WriteInt32LittleEndian(destination[12..], BodyBytes);
        BinaryPrimitives.WriteInt32LittleEndian(destination[16..], Count);
        BinaryPrimitives.WriteInt32LittleEndian(destination[20..], LastOffsetDelta);
        BinaryPrimitives.WriteInt64LittleEndian(destination[24..], BaseOffset);
        BinaryPrimitives.WriteInt64LittleEndian(destination[32..], BaseTimestampMs);
        BinaryPrimitives.WriteInt64LittleEndian(destination[40..], MaxTimestampMs);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[48..], Producer);
        BinaryPrimitives.WriteInt64LittleEndian(destination[56..], LastSequence);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Crc32C.Compute(destination[8..Bytes]));
    }

    /// <param name="source">At least <see cref="Bytes"/> bytes.</param>
    /// <param name="header">The head, when it is one.</param>
    /// <param name="problem">What is wrong otherwise.</param>
    public static bool TryRead(ReadOnlySpan<byte> source, out BatchHeader header, out string problem)
    {
        header = default;
        var magic = BinaryPrimitives.ReadUInt32LittleEndian(source);
        if (magic != Magic)
        {
            problem = $"no batch begins here: found {magic:x8}, expected {Magic:x8}";
            return false;
        }
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
        var found = Crc32C.Compute(source[8..Bytes]);
        if (expected != found)
        {
            problem = $"the head of the batch has checksum {found:x8}, expected {expected:x8}";
            return false;
        }
        header = new BatchHeader(
            BinaryPrimitives.ReadUInt32LittleEndian(source[8..]), BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[16..]), BinaryPrimitives.ReadInt32LittleEndian(source[20..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[24..]), BinaryPrimitives.ReadInt64LittleEndian(source[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[40..]), BinaryPrimitives.ReadUInt64LittleEndian(source[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[56..]));
        problem = "";
        if (header.BodyBytes >= 0 && header.Count >= 0 && header.LastOffsetDelta >= header.Count - 1 && header.BaseOffset >= 0) return true;
        problem = $"the head of the batch makes no sense: {header}";
        return false;
    }

    /// <summary>Checks the records against their checksum.</summary>
    public bool Covers(ReadOnlySpan<byte> body, out string problem)
    {
        var found = Crc32C.Compute(body);
        problem = found == BodyCrc ? "" : $"the records of the batch at offset {BaseOffset} have checksum {found:x8}, expected {BodyCrc:x8}";
        return found == BodyCrc;
    }
}
