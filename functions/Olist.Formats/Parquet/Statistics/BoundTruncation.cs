using System.Text;
using Olist.Formats.Columns;

namespace Olist.Formats.Parquet.Statistics;

/// <summary>Cuts long text and binary extremes, so that footers stay small: the lower bound to a prefix, the upper to a prefix made greater.</summary>
static class BoundTruncation
{
    /// <summary>Longer values are cut to at most this many bytes.</summary>
    public const int MaxBytes = 64;

    public static byte[]? Lower(DataType type, byte[]? min, out bool isExact)
    {
        isExact = !MustCut(type, min);
        return isExact ? min : min![..PrefixLength(type, min)];
    }

    /// <summary>Absent when no prefix can be made greater, which takes 64 bytes of nothing but the largest.</summary>
    public static byte[]? Upper(DataType type, byte[]? max, out bool isExact)
    {
        isExact = !MustCut(type, max);
        if (isExact) return max;
        var prefix = max.AsSpan(0, PrefixLength(type, max!));
        return type.Kind == TypeKind.String ? NextText(prefix) : NextBytes(prefix);
    }

    static bool MustCut(DataType type, byte[]? value) => type.Kind is TypeKind.String or TypeKind.Binary && value?.Length > MaxBytes;

    static int PrefixLength(DataType type, byte[] value)
    {
        var length = MaxBytes;
        if (type.Kind == TypeKind.String)
            while (length > 0 && (value[length] & 0xC0) == 0x80) length--;
        return length;
    }

    static byte[]? NextBytes(ReadOnlySpan<byte> prefix)
    {
        var kept = prefix.LastIndexOfAnyExcept((byte)0xFF);
        if (kept < 0) return null;
        var next = prefix[..(kept + 1)].ToArray();
        next[kept]++;
        return next;
    }

    static byte[]? NextText(ReadOnlySpan<byte> prefix)
    {
        while (prefix.Length > 0)
        {
            if (Rune.DecodeLastFromUtf8(prefix, out var last, out var bytes) != System.Buffers.OperationStatus.Done) return NextBytes(prefix);
            prefix = prefix[..^bytes];
            if (last.Value == 0x10FFFF) continue;
            var next = new Rune(last.Value == 0xD7FF ? 0xE000 : last.Value + 1);
            var text = new byte[prefix.Length + next.Utf8SequenceLength];
            prefix.CopyTo(text);
            next.EncodeToUtf8(text.AsSpan(prefix.Length));
            return text;
        }
        return null;
    }
}
