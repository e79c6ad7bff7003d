using System.Globalization;
using System.Numerics;
using Olist.Formats.Columns;
using Olist.Formats.Parquet;

namespace Olist.Formats.Tests.Parquet;

/// <summary>Bounds of decimals that lie in a file as big-endian bytes, against the values that were written. Needs Node.</summary>
public sealed class ForeignDecimalTests
{
    const int Rows = 2000;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static async Task<(ParquetReader Reader, BigInteger?[][] Values)> MakeAsync(string createdBy)
    {
        using var file = new TempFile();
        var written = await NodeReaders.RunAsync("write-hyparquet-decimals.mjs", file.Path, Rows.ToString(CultureInfo.InvariantCulture), createdBy, "ids");
        var values = written.EnumerateArray().Select(column => column.EnumerateArray().Select(value => value.GetString() is { } text ? BigInteger.Parse(text, CultureInfo.InvariantCulture) : (BigInteger?)null).ToArray()).ToArray();
        return (await ParquetReader.OpenAsync(new MemoryFile(await File.ReadAllBytesAsync(file.Path, Token)), Token), values);
    }

    [Fact]
    public async Task Bounds_of_fixed_bytes_are_those_of_the_values_and_bounds_of_other_bytes_are_none()
    {
        var (reader, values) = await MakeAsync("somebody version 1");
        var first = 0;
        for (var group = 0; group < reader.RowGroupCount; first += (int)reader.RowsIn(group++))
            foreach (var column in reader.Columns)
            {
                var all = values[column.FieldId - 1];
                var statistics = reader.Statistics(group, column.FieldId)!;
                Assert.Equal(column.Type, statistics.Type);
                AssertBounds(column, all.AsSpan(first, (int)reader.RowsIn(group)), statistics.NullCount, statistics.Min, statistics.Max);
                var pages = await reader.ReadPageStatisticsAsync(group, column, Token);
                Assert.Equal(column.Name == "bytes", pages is null);
                foreach (var page in pages ?? [])
                {
                    Assert.Equal(column.Type, page.Type);
                    AssertBounds(column, all.AsSpan(first + page.Rows.First, page.Rows.Count), page.NullCount, page.Min, page.Max);
                }
                Assert.True(pages is null || pages.Count > 2);
            }
        Assert.Equal(Rows, first);
    }

    static void AssertBounds(ColumnSchema column, ReadOnlySpan<BigInteger?> values, long? nulls, byte[]? min, byte[]? max)
    {
        BigInteger[] some = [.. values.ToArray().OfType<BigInteger>()];
        Assert.Equal(values.Length - some.Length, nulls);
        if (column.Name == "bytes") Assert.True(min is null && max is null);
        else Assert.Equal((some.Min(), some.Max()), (Of(min!), Of(max!)));
        BigInteger Of(byte[] plain) => column.Type.Precision <= 18 ? BitConverter.ToInt64(plain) : new BigInteger(plain, isUnsigned: false, isBigEndian: true);
    }

    [Theory]
    [InlineData("parquet-cpp version 1.5.1-SNAPSHOT", false)]
    [InlineData("parquet-cpp-arrow version 3.0.0", false)]
    [InlineData("parquet-cpp-arrow version 4.0.0", true)]
    [InlineData("parquet-cpp-arrow version 30.0.0", true)]
    public async Task Bounds_of_a_writer_that_compared_bytes_wrongly_are_not_used(string createdBy, bool areUsed)
    {
        var (reader, _) = await MakeAsync(createdBy);
        foreach (var column in reader.Columns)
        {
            var expected = column.Name == "number" || areUsed && column.Name != "bytes";
            Assert.Equal(expected, reader.Statistics(0, column.FieldId)!.Min is not null);
            Assert.Equal(expected, await reader.ReadPageStatisticsAsync(0, column, Token) is not null);
        }
    }
}
