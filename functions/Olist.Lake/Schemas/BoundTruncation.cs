using System.Buffers;
using System.Text;
using Olist.Formats.Columns;

namespace Olist.Lake.Schemas;

/// <summary>Bounds of long text and binary cut short, so that they still bound: <c>truncate(16)</c>.</summary>
static class BoundTruncation
{
    public const int DefaultLength = 16;

    /// <summary>The prefix, which is never above the value.</summary>
    public static byte[] Lower(DataType type, byte[] value, int length = DefaultLength) => type.Kind switch
    {
        TypeKind.String => value.AsSpan(0, PrefixBytes(value, length)).ToArray(),
        TypeKind.Binary when value.Length > length => value[..length],
        _ => value,
    };

    /// <summary>The value if it is short, else the smallest prefix above it; null when there is none (all code points at their highest).</summary>
    public static byte[]? Upper(DataType type, byte[] value, int length = DefaultLength)
    {
        switch (type.Kind)
        {
            case TypeKind.String:
                var prefix = PrefixBytes(value, length);
                return prefix == value.Length ? value : IncrementText(value.AsSpan(0, prefix));
            case TypeKind.Binary when value.Length > length:
                return IncrementBytes(value[..length]);
            default:
                return value;
        }
    }

    /// <summary>Bytes of the first code points of UTF-8 text.</summary>
    static int PrefixBytes(ReadOnlySpan<byte> text, int codePoints)
    {
        var bytes = 0;
        for (; codePoints > 0 && bytes < text.Length; codePoints--)
        {
            bytes++;
            while (bytes < text.Length && (text[bytes] & 0xC0) == 0x80) bytes++;
        }
        return bytes;
    }

    static byte[]? IncrementText(ReadOnlySpan<byte> prefix)
    {
        while (!prefix.IsEmpty)
        {
            if (Rune.DecodeLastFromUtf8(prefix, out var last, out var length) != OperationStatus.Done) return null; // not text: leave it unbounded
            prefix = prefix[..^length];
            var next = last.Value == 0xD7FF ? 0xE000 : last.Value + 1; // surrogates are no code points of text
            if (next > 0x10FFFF) continue;
            var bytes = new byte[prefix.Length + 4];
            prefix.CopyTo(bytes);
            return bytes[..(prefix.Length + new Rune(next).EncodeToUtf8(bytes.AsSpan(prefix.Length)))];
        }
        return null;
    }

    static byte[]? IncrementBytes(byte[] prefix)
    {
        for (var last = prefix.Length - 1; last >= 0; last--)
        {
            if (prefix[last] == 0xFF) continue;
            prefix[last]++;
            return prefix[..(last + 1)];
        }
        return null;
    }
}
