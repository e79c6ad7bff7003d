using System.Buffers.Text;

namespace Olist.Formats.Checksums;

/// <summary>A checksum inside of the bytes that it guards: CRC-32C as eight hex digits behind a marker, the digits counted as zeros.</summary>
/// <remarks>For documents whose formats have none of their own but keep, or skip, what they do not know: Parquet footers, Avro files, table metadata. Bytes without the marker are somebody else's and are taken as they are.</remarks>
public static class SelfChecksum
{
    /// <summary>What the writer puts behind the marker before it seals.</summary>
    public const string Placeholder = "00000000";

    /// <summary>What the entry is called in every format.</summary>
    public const string Name = "olist.crc32c";

    /// <summary>Replaces the placeholder behind the last marker.</summary>
    /// <exception cref="ArgumentException">There is no marker.</exception>
    public static void Seal(Span<byte> bytes, ReadOnlySpan<byte> marker)
    {
        var at = Find(bytes, marker);
        if (at < 0) throw new ArgumentException("There is no place for the checksum.", nameof(bytes));
        Utf8Formatter.TryFormat(Compute(bytes, at), bytes.Slice(at, 8), out _, new System.Buffers.StandardFormat('x', 8));
    }

    /// <summary>Whether the bytes carry a checksum.</summary>
    public static bool IsSealed(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> marker) => Find(bytes, marker) >= 0;

    /// <summary>Whether the bytes carry a checksum that is not theirs: they were damaged, or changed by a program that kept the entry.</summary>
    public static bool IsBroken(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> marker)
    {
        var at = Find(bytes, marker);
        if (at < 0) return false;
        Span<byte> digits = stackalloc byte[8];
        Utf8Formatter.TryFormat(Compute(bytes, at), digits, out _, new System.Buffers.StandardFormat('x', 8));
        return !digits.SequenceEqual(bytes.Slice(at, 8));
    }

    static uint Compute(ReadOnlySpan<byte> bytes, int at) => Crc32C.Compute(bytes[(at + 8)..], Crc32C.Compute("00000000"u8, Crc32C.Compute(bytes[..at])));

    static int Find(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> marker)
    {
        var at = bytes.LastIndexOf(marker);
        return at < 0 || bytes.Length - at - marker.Length < 8 ? -1 : at + marker.Length;
    }
}
