using System.Buffers.Binary;
using Olist.Formats.Checksums;
using Olist.Formats.Parquet.Metadata;

namespace Olist.Formats.Parquet;

/// <summary>CRC-32C of what lies outside of pages and has no checksum in the format: bloom filters and page indexes. A wrong bit there would hide rows.</summary>
/// <remarks>Kept in the footer as one key-value: base 64 of four bytes (big-endian) for each part, in the order of row groups, columns, and then bloom filter, column index, offset index. The footer itself is sealed (<see cref="FooterMarker"/>).</remarks>
sealed class PartChecksums
{
    const string Key = "olist.crc32c.parts";

    readonly Dictionary<long, uint> _byOffset = [];

    /// <summary>The last key-value of footers written here, up to its value: field 2, text, eight bytes.</summary>
    public static ReadOnlySpan<byte> FooterMarker => "olist.crc32c\u0018\u0008"u8;

    /// <summary>Remembers a part that was written.</summary>
    public void Add(long offset, ReadOnlySpan<byte> bytes) => _byOffset[offset] = Crc32C.Compute(bytes);

    public KeyValuePair<string, string> ToKeyValue(IReadOnlyList<RowGroupMetadata> groups)
    {
        var offsets = OffsetsOf(groups).ToArray();
        var bytes = new byte[4 * offsets.Length];
        for (var i = 0; i < offsets.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 * i), _byOffset[offsets[i]]);
        return new(Key, Convert.ToBase64String(bytes));
    }

    /// <summary>What a footer says; nothing in files of others.</summary>
    public static PartChecksums Of(FileMetadata footer)
    {
        var checksums = new PartChecksums();
        var text = footer.KeyValues.LastOrDefault(pair => pair.Key == Key).Value;
        var offsets = OffsetsOf(footer.RowGroups).ToArray();
        var bytes = new byte[4 * offsets.Length];
        if (text is null || !Convert.TryFromBase64String(text, bytes, out var length) || length != bytes.Length) return checksums;
        for (var i = 0; i < offsets.Length; i++) checksums._byOffset[offsets[i]] = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4 * i));
        return checksums;
    }

    /// <exception cref="FormatViolationException">The part has a checksum, and another one than its bytes.</exception>
    public void Verify(long offset, ReadOnlySpan<byte> bytes, string what)
    {
        if (_byOffset.TryGetValue(offset, out var expected) && Crc32C.Compute(bytes) is var found && found != expected)
            throw new FormatViolationException($"the checksum of its {what} is {found:x8}, the footer says {expected:x8}: it is damaged");
    }

    static IEnumerable<long> OffsetsOf(IReadOnlyList<RowGroupMetadata> groups)
    {
        foreach (var group in groups)
            foreach (var chunk in group.Columns)
            {
                if (chunk.Column?.BloomFilterOffset is { } bloom) yield return bloom;
                if (chunk.ColumnIndexOffset is { } columnIndex) yield return columnIndex;
                if (chunk.OffsetIndexOffset is { } offsetIndex) yield return offsetIndex;
            }
    }
}
