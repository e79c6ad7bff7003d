using System.Text;
using Olist.Pipeline.Datasets;

namespace Olist.Pipeline.Tests.Datasets;

public sealed class FieldParserTests
{
    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    [Theory]
    [InlineData("0", 0), InlineData("01012", 1012), InlineData("-5", -5), InlineData("2147483647", int.MaxValue)]
    public void Whole_numbers_are_read(string text, int expected)
    {
        Assert.True(FieldParser.TryInt(Utf8(text), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData(""), InlineData("-"), InlineData("+5"), InlineData(" 5"), InlineData("5 "), InlineData("5.0"), InlineData("1e3"), InlineData("2147483648"), InlineData("99999999999999999999"), InlineData("abc"), InlineData("１")]
    public void Other_text_is_no_whole_number(string text) => Assert.False(FieldParser.TryInt(Utf8(text), out _));

    [Theory]
    [InlineData("99.9", 9990), InlineData("13", 1300), InlineData("0.0", 0), InlineData("21.99", 2199), InlineData("-1.05", -105), InlineData("99999999.99", 9_999_999_999), InlineData("007.5", 750)]
    public void Money_is_read_in_hundredths(string text, long expected)
    {
        Assert.True(FieldParser.TryMoney(Utf8(text), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData(""), InlineData("."), InlineData("1."), InlineData(".5"), InlineData("1.234"), InlineData("1,5"), InlineData("100000000"), InlineData("100000000.00"), InlineData("1e2"), InlineData("R$ 5"), InlineData("--1"), InlineData("1.-5"), InlineData("NaN")]
    public void Other_text_is_no_money(string text) => Assert.False(FieldParser.TryMoney(Utf8(text), out _));

    [Theory]
    [InlineData("2016-09-04 21:15:19"), InlineData("2018-10-17 00:00:00"), InlineData("2016-02-29 23:59:59"), InlineData("1970-01-01 00:00:00"), InlineData("1969-12-31 23:59:59"), InlineData("0001-01-01 00:00:00"), InlineData("9999-12-31 23:59:59")]
    public void Times_are_read_as_utc(string text)
    {
        Assert.True(FieldParser.TryTimestamp(Utf8(text), out var micros));
        var expected = DateTime.ParseExact(text, "yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal((expected - DateTime.UnixEpoch).Ticks / 10, micros);
    }

    [Theory]
    [InlineData("2018-02-29 00:00:00"), InlineData("2018-13-01 00:00:00"), InlineData("2018-00-01 00:00:00"), InlineData("2018-01-00 00:00:00"), InlineData("2018-04-31 00:00:00"), InlineData("2018-01-01 24:00:00"),
     InlineData("2018-01-01 00:60:00"), InlineData("2018-01-01 00:00:60"), InlineData("2018-01-01"), InlineData("2018-01-01T00:00:00"), InlineData("2018-01-01 00:00:00Z"), InlineData("0000-01-01 00:00:00"), InlineData("18-01-01 00:00:00"), InlineData("2018-1-01 00:00:000"), InlineData("yyyy-MM-dd HH:mm:ss"), InlineData("")]
    public void Days_that_do_not_exist_and_other_text_are_no_times(string text) => Assert.False(FieldParser.TryTimestamp(Utf8(text), out _));

    [Theory]
    [InlineData("-23.548945985189434", -23.548945985189434), InlineData("0", 0.0), InlineData("2.81972", 2.81972), InlineData("1e-3", 0.001)]
    public void Coordinates_are_read_exactly(string text, double expected)
    {
        Assert.True(FieldParser.TryDouble(Utf8(text), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData(""), InlineData("NaN"), InlineData("Infinity"), InlineData("1e999"), InlineData("-23,5"), InlineData("12 "), InlineData("x")]
    public void Other_text_is_no_coordinate(string text) => Assert.False(FieldParser.TryDouble(Utf8(text), out _));

    [Fact]
    public void Random_coordinates_are_read_as_the_runtime_reads_them()
    {
        var random = new Random(11);
        for (var turn = 0; turn < 20_000; turn++)
        {
            var text = ((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 4))).ToString(random.Next(2) == 0 ? "R" : "F" + random.Next(1, 18), System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(FieldParser.TryDouble(Utf8(text), out var value));
            Assert.Equal(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture), value);
        }
    }
}
