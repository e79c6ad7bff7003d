using System.Buffers.Text;

namespace Olist.Pipeline.Datasets;

/// <summary>Reads the text of single fields. Strict: the whole field is the value, without spaces.</summary>
public static class FieldParser
{
    /// <summary>Hundredths that decimal(10,2) can hold.</summary>
    const long MaxMoney = 9_999_999_999;

    static readonly byte[][] OrderStatuses =
        [.. ((string[])["created", "approved", "invoiced", "processing", "shipped", "delivered", "unavailable", "canceled"]).Select(System.Text.Encoding.UTF8.GetBytes)];

    public static bool IsOrderStatus(ReadOnlySpan<byte> text)
    {
        foreach (var status in OrderStatuses)
            if (text.SequenceEqual(status)) return true;
        return false;
    }

    /// <summary>Digits, with or without a minus. Leading zeros are nothing special: zip code 01012 is 1012.</summary>
    public static bool TryInt(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        var isNegative = text is [(byte)'-', ..];
        if (isNegative) text = text[1..];
        if (!TryDigits(text, out var digits) || digits > int.MaxValue) return false;
        value = isNegative ? -(int)digits : (int)digits;
        return true;
    }

    /// <summary>Digits, and after a point one or two more; hundredths come out.</summary>
    public static bool TryMoney(ReadOnlySpan<byte> text, out long hundredths)
    {
        hundredths = 0;
        var isNegative = text is [(byte)'-', ..];
        if (isNegative) text = text[1..];
        var point = text.IndexOf((byte)'.');
        long fraction = 0;
        if (point >= 0)
        {
            var decimals = text[(point + 1)..];
            if (decimals.Length > 2 || !TryDigits(decimals, out fraction)) return false;
            if (decimals.Length == 1) fraction *= 10;
            text = text[..point];
        }
        if (!TryDigits(text, out var whole) || whole > MaxMoney / 100) return false;
        hundredths = whole * 100 + fraction;
        if (isNegative) hundredths = -hundredths;
        return true;
    }

    /// <summary><c>yyyy-MM-dd HH:mm:ss</c> of a day that exists, years 1 to 9999; microseconds since 1970 come out.</summary>
    public static bool TryTimestamp(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (text.Length != 19 || text[4] != '-' || text[7] != '-' || text[10] != ' ' || text[13] != ':' || text[16] != ':') return false;
        if (!TryTwoDigits(text, 0, out var century) || !TryTwoDigits(text, 2, out var yearOfCentury)
            || !TryTwoDigits(text, 5, out var month) || !TryTwoDigits(text, 8, out var day)
            || !TryTwoDigits(text, 11, out var hour) || !TryTwoDigits(text, 14, out var minute) || !TryTwoDigits(text, 17, out var second)) return false;
        var year = century * 100 + yearOfCentury;
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59) return false;
        var ticks = new DateTime(year, month, day).Ticks - DateTime.UnixEpoch.Ticks;
        micros = ticks / TimeSpan.TicksPerMicrosecond + ((hour * 60 + minute) * 60 + second) * 1_000_000L;
        return true;
    }

    /// <summary>A decimal number that is finite.</summary>
    public static bool TryDouble(ReadOnlySpan<byte> text, out double value) =>
        Utf8Parser.TryParse(text, out value, out var consumed) && consumed == text.Length && double.IsFinite(value);

    static bool TryTwoDigits(ReadOnlySpan<byte> text, int at, out int value)
    {
        var (tens, ones) = ((uint)text[at] - '0', (uint)text[at + 1] - '0');
        value = (int)(tens * 10 + ones);
        return tens <= 9 && ones <= 9;
    }

    static bool TryDigits(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (text.Length is 0 or > 18) return false;
        foreach (var character in text)
        {
            var digit = (uint)character - '0';
            if (digit > 9) return false;
            value = value * 10 + digit;
        }
        return true;
    }
}
