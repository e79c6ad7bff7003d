using System.Buffers;
using System.Text;
using Olist.Formats.Columns;

namespace Olist.Pipeline.Model;

/// <summary>Makes the texts of reviews comparable: NFC (see <see cref="Composition"/>), every run of white space and control characters one space, trimmed.</summary>
public static class CommentText
{
    const int MaxBytesPerByte = 3; // a byte that is no UTF-8 becomes U+FFFD

    /// <summary>Appends the cleaned text to <paramref name="target"/>, unless nothing is left of it.</summary>
    public static bool TryClean(ReadOnlySpan<byte> utf8, BytesBuilder target)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, utf8.Length * MaxBytesPerByte));
        var written = Clean(utf8, buffer);
        if (written > 0) target.Append(buffer.AsSpan(0, written));
        ArrayPool<byte>.Shared.Return(buffer);
        return written > 0;
    }

    /// <summary>The cleaned text, or <see langword="null"/> when nothing is left of it.</summary>
    public static string? Clean(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var buffer = new byte[utf8.Length * MaxBytesPerByte];
        var written = Clean(utf8, buffer);
        return written == 0 ? null : Encoding.UTF8.GetString(buffer, 0, written);
    }

    static int Clean(ReadOnlySpan<byte> utf8, Span<byte> output)
    {
        var written = 0;
        var lastStart = 0;
        Rune last = default;
        var gap = false;
        while (!utf8.IsEmpty)
        {
            Rune.DecodeFromUtf8(utf8, out var rune, out var consumed);
            utf8 = utf8[consumed..];
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                gap = written > 0;
                continue;
            }
            if (gap)
            {
                output[written++] = (byte)' ';
                gap = false;
            }
            else if (written > 0 && rune.Value > 0x7F && last.IsBmp && rune.IsBmp && Composition.Find((char)last.Value, (char)rune.Value) is var composed and not '\0')
            {
                rune = new Rune(composed);
                written = lastStart;
            }
            (last, lastStart) = (rune, written);
            written += rune.EncodeToUtf8(output[written..]);
        }
        return written;
    }
}
