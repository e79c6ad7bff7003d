using Olist.Pipeline.Model;

namespace Olist.Pipeline.Tests.Model;

public sealed class LeadDaysTests
{
    static long Micros(string time) => (DateTime.Parse(time, System.Globalization.CultureInfo.InvariantCulture) - DateTime.UnixEpoch).Ticks / 10;

    [Theory]
    [InlineData("2018-01-01 00:00:00", "2018-01-01 23:59:59", 0)]
    [InlineData("2018-01-01 23:59:59", "2018-01-02 00:00:00", 1)]
    [InlineData("2018-01-02 00:00:00", "2018-01-01 23:59:59", -1)]
    [InlineData("2016-02-28 12:00:00", "2016-03-01 01:00:00", 2)]
    [InlineData("1969-12-31 23:59:59", "1970-01-01 00:00:00", 1)]
    [InlineData("1969-12-30 00:00:00", "1969-12-31 23:00:00", 1)]
    public void Days_are_counted_by_the_calendar(string from, string to, long expected) =>
        Assert.Equal(expected, LeadDays.Between(Micros(from), Micros(to)));

    [Theory]
    [InlineData("2018-04-30 23:59:59", "2018-04")]
    [InlineData("2018-05-01 00:00:00", "2018-05")]
    [InlineData("2016-12-31 12:00:00", "2016-12")]
    [InlineData("1969-12-31 23:59:59", "1969-12")]
    public void Months_are_named_and_read_back(string time, string expected)
    {
        var month = SalesPeriod.MonthNumber(Micros(time));
        Assert.Equal(expected, SalesPeriod.Name(month));
        Assert.Equal(month, SalesPeriod.Parse(expected));
    }

    [Theory, InlineData("2018-13"), InlineData("2018-00"), InlineData("2018-4"), InlineData("201804"), InlineData("april"), InlineData("")]
    public void Other_text_is_no_month(string text) => Assert.Throws<FormatException>(() => SalesPeriod.Parse(text));
}
