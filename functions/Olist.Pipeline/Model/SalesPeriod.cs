using System.Globalization;

namespace Olist.Pipeline.Model;

/// <summary>Months, spelled <c>yyyy-MM</c> and counted from January of year 0 (month number = year × 12 + month − 1).</summary>
public static class SalesPeriod
{
    /// <summary>The month of an instant given as microseconds since 1970, in UTC.</summary>
    public static int MonthNumber(long micros)
    {
        var date = DateTime.UnixEpoch.AddDays(LeadDays.DayNumber(micros));
        return date.Year * 12 + date.Month - 1;
    }

    public static string Name(int monthNumber) => string.Create(CultureInfo.InvariantCulture, $"{monthNumber / 12:0000}-{monthNumber % 12 + 1:00}");

    /// <exception cref="FormatException">The text is no <c>yyyy-MM</c>.</exception>
    public static int Parse(string text)
    {
        if (text.Length == 7 && text[4] == '-'
            && int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var month) && month is >= 1 and <= 12)
            return year * 12 + month - 1;
        throw new FormatException($"'{text}' is no month; expected yyyy-MM, such as 2018-04.");
    }
}
