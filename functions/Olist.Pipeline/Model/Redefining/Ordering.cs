using System.Buffers.Binary;
using Olist.Formats.Columns;

namespace Olist.Pipeline.Model.Redefining;

/// <summary>Sorts rows by texts and by times.</summary>
static class Ordering
{
    /// <summary>Row numbers in order of the bytes of their text; equal texts in order of the row.</summary>
    public static int[] ByText(BytesColumn texts)
    {
        // Most ids differ in their first eight bytes, and whole numbers sort fast; what is left is sorted byte by byte.
        var prefixes = new ulong[texts.Count];
        var rows = new int[texts.Count];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = row;
            prefixes[row] = PrefixOf(texts[row]);
        }
        Array.Sort(prefixes, rows);
        for (var start = 0; start < rows.Length;)
        {
            var end = start + 1;
            while (end < rows.Length && prefixes[end] == prefixes[start]) end++;
            if (end - start > 1)
                rows.AsSpan(start, end - start).Sort((left, right) =>
                {
                    var order = texts[left].SequenceCompareTo(texts[right]);
                    return order != 0 ? order : left.CompareTo(right);
                });
            start = end;
        }
        return rows;
    }

    static ulong PrefixOf(ReadOnlySpan<byte> text)
    {
        if (text.Length >= sizeof(ulong)) return BinaryPrimitives.ReadUInt64BigEndian(text);
        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        text.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    /// <summary>Places in order of their time; equal times stay in the order that they have.</summary>
    public static int[] ByTime(ReadOnlySpan<long> times)
    {
        const int DigitBits = 11;
        var places = new int[times.Length];
        for (var i = 0; i < places.Length; i++) places[i] = i;
        if (times.Length < 2) return places;
        long min = long.MaxValue, max = long.MinValue;
        foreach (var time in times) (min, max) = (Math.Min(min, time), Math.Max(max, time));
        // Radix sort from the lowest digit: every pass keeps what the passes before it did.
        var other = new int[places.Length];
        var starts = new int[1 << DigitBits];
        for (var shift = 0; shift < 64 && (ulong)(max - min) >> shift != 0; shift += DigitBits)
        {
            Array.Clear(starts);
            foreach (var time in times) starts[(int)((ulong)(time - min) >> shift) & ((1 << DigitBits) - 1)]++;
            var start = 0;
            for (var digit = 0; digit < starts.Length; digit++) (starts[digit], start) = (start, start + starts[digit]);
            foreach (var place in places) other[starts[(int)((ulong)(times[place] - min) >> shift) & ((1 << DigitBits) - 1)]++] = place;
            (places, other) = (other, places);
        }
        return places;
    }
}
