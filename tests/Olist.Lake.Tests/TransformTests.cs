using System.Globalization;
using System.Text;
using Olist.Formats.Columns;

namespace Olist.Lake.Tests;

/// <summary>The test vectors of the format, and the calendar against .NET's.</summary>
public sealed class TransformTests
{
    static ValueColumn<long> Longs(DataType type, params long[] values) => new(type, values, values.Length);
    static ValueColumn<int> Ints(DataType type, params int[] values) => new(type, values, values.Length);

    static Column Bytes(DataType type, params byte[][] values)
    {
        var builder = new BytesBuilder(type);
        foreach (var value in values) builder.Append(value);
        return builder.Build();
    }

    static int[] Apply(string transform, Column column) => ((ValueColumn<int>)Transform.Parse(transform).Apply(column)).Span.ToArray();

    /// <summary>With this many buckets the bucket is the hash itself, without its sign bit.</summary>
    static int Hash(Column column) => Apply($"bucket[{int.MaxValue}]", column)[0];

    static int Unsigned(int hash) => (hash & int.MaxValue) % int.MaxValue;

    [Fact]
    public void Hashes_are_those_of_the_specification()
    {
        Assert.Equal(2017239379, Hash(Longs(DataType.Long, 34)));
        Assert.Equal(2017239379, Hash(Ints(DataType.Int, 34)));
        Assert.Equal(Unsigned(-500754589), Hash(Longs(DataType.Decimal(9, 2), 1420)));
        Assert.Equal(671339213, Hash(Longs(DataType.Decimal(9, 2), -500)));
        Assert.Equal(1364076727, Hash(Longs(DataType.Decimal(9, 2), 0)));
        Assert.Equal(671339213, Hash(Bytes(DataType.Decimal(30, 2), [0xFF, 0xFF, 0xFE, 0x0C])));
        Assert.Equal(Unsigned(-653330422), Hash(Ints(DataType.Date, 17486)));
        Assert.Equal(Unsigned(-662762989), Hash(Longs(DataType.Time, 81_068_000_000)));
        Assert.Equal(Unsigned(-2047944441), Hash(Longs(DataType.Timestamp, 1_510_871_468_000_000)));
        Assert.Equal(Unsigned(-1207196810), Hash(Longs(DataType.TimestampTz, 1_510_871_468_000_001)));
        Assert.Equal(1210000089, Hash(BytesColumn.Of("iceberg")));
        Assert.Equal(Unsigned(-427558391), Hash(BytesColumn.Of("34")));
        Assert.Equal(1488055340, Hash(Bytes(DataType.Uuid, new Guid("f79c3e09-677c-4bbd-a479-3f349cb785e7").ToByteArray(bigEndian: true))));
        Assert.Equal(Unsigned(-188683207), Hash(Bytes(DataType.Binary, [0, 1, 2, 3])));
        Assert.Equal([3], Apply("bucket[16]", Longs(DataType.Long, 34)));
        Assert.Equal([9], Apply("bucket[16]", BytesColumn.Of("iceberg")));
        Assert.Equal([8], Apply("bucket[16]", Longs(DataType.Long, -1)));
    }

    [Fact]
    public void A_dictionary_and_plain_text_have_the_same_buckets_and_null_has_none()
    {
        var coded = new BytesColumn(BytesColumn.Of("iceberg", "34"), [1, 0, 0, 1], 4, [1, 1, 0, 1]);
        var plain = BytesColumn.Of("34", "iceberg", null, "34");
        var (left, right) = (Transform.Parse("bucket[16]").Apply(coded), Transform.Parse("bucket[16]").Apply(plain));
        for (var row = 0; row < 4; row++) Assert.Equal(((ValueColumn<int>)right).Find(row), ((ValueColumn<int>)left).Find(row));
        Assert.True(left.IsNull(2));
    }

    [Fact]
    public void Truncation_rounds_down_also_below_zero()
    {
        var truncate = Transform.Parse("truncate[10]");
        Assert.Equal([0, -10, 10], ((ValueColumn<int>)truncate.Apply(Ints(DataType.Int, 1, -1, 19))).Span.ToArray());
        Assert.Equal([0, -10], ((ValueColumn<long>)truncate.Apply(Longs(DataType.Long, 1, -1))).Span.ToArray());
        Assert.Equal([1050], ((ValueColumn<long>)Transform.Parse("truncate[50]").Apply(Longs(DataType.Decimal(9, 2), 1065))).Span.ToArray());
        var text = (BytesColumn)Transform.Parse("truncate[3]").Apply(BytesColumn.Of("iceberg", "ic", "ação", "😀😀😀😀", null));
        Assert.Equal(["ice", "ic", "açã", "😀😀😀", null], Enumerable.Range(0, 5).Select(text.Find));
        Assert.Equal([1, 2, 3], ((BytesColumn)Transform.Parse("truncate[3]").Apply(Bytes(DataType.Binary, [1, 2, 3, 4])))[0].ToArray());
    }

    [Theory]
    [InlineData("2017-11-16T22:31:08", 47, 574, 17486, 419686)]
    [InlineData("1969-12-31T23:59:59.999999", -1, -1, -1, -1)]
    [InlineData("1969-01-01T00:00:00", -1, -12, -365, -8760)]
    [InlineData("2024-02-29T12:00:00", 54, 649, 19782, 474780)]
    public void Times_are_those_of_the_specification(string text, int year, int month, int day, int hour)
    {
        var time = DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        var column = Longs(DataType.TimestampTz, (time.Ticks - DateTime.UnixEpoch.Ticks) / 10);
        Assert.Equal([year, month, day, hour], ((string[])["year", "month", "day", "hour"]).Select(unit => Apply(unit, column)[0]));
        Assert.Equal([year, month, day], ((string[])["year", "month", "day"]).Select(unit => Apply(unit, Ints(DataType.Date, day))[0]));
    }

    [Fact]
    public void Months_and_years_of_every_day_agree_with_the_calendar()
    {
        var first = DateOnly.MinValue.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        var days = Enumerable.Range(0, DateOnly.MaxValue.DayNumber / 29).Select(i => first + i * 29).ToArray();
        var (years, months) = (Apply("year", Ints(DataType.Date, days)), Apply("month", Ints(DataType.Date, days)));
        for (var i = 0; i < days.Length; i++)
        {
            var date = DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(days[i]);
            Assert.Equal((date.Year - 1970, (date.Year - 1970) * 12 + date.Month - 1), (years[i], months[i]));
        }
    }

    [Fact]
    public void What_a_transform_can_not_take_is_refused_by_name()
    {
        foreach (var (transform, type) in ((string, DataType)[])[("bucket[4]", DataType.Double), ("truncate[4]", DataType.Date), ("hour", DataType.Date), ("day", DataType.Long)])
            Assert.Contains(transform, Assert.Throws<UnsupportedFormatException>(() => Transform.Parse(transform).ResultType(type)).Message, StringComparison.Ordinal);
        Assert.IsType<UnknownTransform>(Transform.Parse("zorder[3]"));
        Assert.IsType<UnknownTransform>(Transform.Parse("bucket[0]"));
        foreach (var text in (string[])["identity", "bucket[16]", "truncate[4]", "year", "month", "day", "hour", "void", "zorder[3]"])
            Assert.Equal(text, Transform.Parse(text).ToString());
    }

    [Fact]
    public async Task Rows_find_their_partition_again_for_every_transform_and_type()
    {
        (string, string)[] fields = [("order_id", "truncate[30]"), ("order_id", "identity"), ("at", "year"), ("at", "hour"), ("price", "bucket[3]"), ("price", "truncate[1000]"), ("quantity", "identity"), ("status", "void")];
        foreach (var field in fields)
        {
            var lake = await TestLake.CreateAsync(TestLake.Definition with { Partitioning = [field] });
            var rows = Enumerable.Range(0, 40).Select(i => TestLake.Order(i, Encoding.UTF8.GetString([(byte)('a' + i)]), i % 3) with { At = i % 9 == 0 ? null : i * 3_600_000_000L * 100 - 100_000_000_000_000, Price = i % 7 == 0 ? null : i * 333 - 3_000 }).ToArray();
            await lake.AppendAsync(rows);
            Assert.Equal(rows, await lake.ScanAsync());
            foreach (var row in rows)
                Assert.Equal([row], TestLake.Rows((await lake.Table.LookupAsync(null, TestLake.Batch(row), null, TestContext.Current.CancellationToken)).Rows));
        }
    }
}
