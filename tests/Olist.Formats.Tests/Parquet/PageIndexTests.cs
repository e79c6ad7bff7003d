using Olist.Formats.Columns;
using Olist.Formats.Parquet;

namespace Olist.Formats.Tests.Parquet;

/// <summary>Reading rows by their pages, against reading everything and taking the rows; see <see cref="PageIndexDamageTests"/> for broken indexes.</summary>
public sealed class PageIndexTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ParquetCodec.Snappy, 0, 0.1)]
    [InlineData(ParquetCodec.Snappy, 30, 0.3)]
    [InlineData(ParquetCodec.None, 8, 0)]
    [InlineData(ParquetCodec.Gzip, 1, 0.97)]
    public async Task Any_rows_are_those_of_the_whole_group(ParquetCodec codec, int distinct, double nullShare)
    {
        var batch = RandomBatches.Make(21, 6000, nullShare, distinct);
        var (file, _) = await Files.WriteAsync(batch.Schema, [batch], new ParquetWriterOptions { Codec = codec, PageRows = 130, RowGroupBytes = 300_000 });
        await AssertRangesAsync(await ParquetReader.OpenAsync(new MemoryFile(file), Token), seed: 22);
    }

    [Theory]
    [InlineData("V1")]
    [InlineData("V2")]
    public async Task Files_of_DuckDB_are_read_by_rows_with_or_without_an_index(string version)
    {
        using var file = new TempFile();
        await NodeReaders.RunAsync("write-duckdb.mjs", file.Path, "snappy", version, "9000");
        await AssertRangesAsync(await ParquetReader.OpenAsync(new MemoryFile(await File.ReadAllBytesAsync(file.Path, Token)), Token), seed: 23);
    }

    [Fact]
    public async Task Files_of_hyparquet_writer_are_read_by_rows_and_its_indexes_are_used()
    {
        using var file = new TempFile();
        var dump = await NodeReaders.RunAsync("write-hyparquet-pages.mjs", file.Path, "16000");
        var reader = await ParquetReader.OpenAsync(new MemoryFile(await File.ReadAllBytesAsync(file.Path, Token)), Token);
        await AssertRangesAsync(reader, seed: 24);
        var names = dump.GetProperty("names").EnumerateArray().Select(name => name.GetString()!).ToArray();
        var columns = names.Select(name => reader.Columns.First(column => column.Name == name)).ToArray();
        var rows = await reader.FindRowsAsync(1, columns[0], page => page.Min is not null && BitConverter.ToInt64(page.Max!) >= 9000 && BitConverter.ToInt64(page.Min) <= 9003, Token);
        Assert.InRange(rows.Count, 4, 1500);
        var read = await reader.ReadRowGroupAsync(1, columns, rows, Token);
        var at = 0;
        foreach (var range in rows.Ranges)
            for (var row = range.First; row < range.EndExcl; row++, at++)
                for (var i = 0; i < columns.Length; i++)
                    Assert.Equal(dump.GetProperty("columns")[i][7000 + row].GetString() ?? "null", BatchAssert.Value(read.Columns[i], at));
        Assert.Contains(9000L, read.Longs("sorted").Span.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    public async Task No_page_that_holds_a_value_is_left_out(int distinct)
    {
        var batch = RandomBatches.Make(31, 3000, 0.3, distinct);
        var (file, _) = await Files.WriteAsync(batch.Schema, [batch], new ParquetWriterOptions { PageRows = 60, RowGroupBytes = 1 << 30 });
        var reader = await ParquetReader.OpenAsync(new MemoryFile(file), Token);
        var skipped = 0;
        foreach (var column in batch.Schema)
        {
            var pages = await reader.ReadPageStatisticsAsync(0, column, Token);
            if (column.Type.Kind is TypeKind.Float or TypeKind.Double) continue; // order and equality differ there: nobody prunes by them
            Assert.NotNull(pages);
            Assert.Equal(batch.RowCount, pages.Sum(page => page.Rows.Count));
            var values = batch[column.Name];
            foreach (var page in pages)
            {
                var own = Enumerable.Range(page.Rows.First, page.Rows.Count).ToArray();
                Assert.Equal(own.Count(values.IsNull), page.NullCount);
                var alone = await Files.WriteAsync([column], [new RowBatch([column], [values.Gather(own)], own.Length)]);
                Assert.Equal(alone.Summary.Columns[0].Min is null, page.Min is null);
                if (values is ValueColumn<long> longs && !page.IsAllNull)
                {
                    var there = own.Where(row => !values.IsNull(row)).Select(row => longs[row]).ToArray();
                    Assert.Equal((there.Min(), there.Max()), (Long(page.Min!), Long(page.Max!)));
                    skipped++;
                }
            }
        }
        Assert.True(skipped > 100);
    }

    [Fact]
    public async Task Only_the_pages_of_the_rows_are_fetched()
    {
        ColumnSchema[] schema = [new(1, "n", DataType.Long, Required: true), new(2, "text", DataType.String), new(3, "few", DataType.String)];
        var plain = RandomBatches.Make(41, 100_000, 0, schema: schema[..2]);
        var few = RandomBatches.MakeColumn(new Random(1), DataType.String, 100_000, 0, 20);
        var batch = new RowBatch(schema, [.. plain.Columns, few], 100_000);
        var (bytes, _) = await Files.WriteAsync(schema, [batch], new ParquetWriterOptions { Codec = ParquetCodec.None, PageRows = 1000 });
        var file = new MemoryFile(bytes);
        var reader = await ParquetReader.OpenAsync(file, Token);
        var (reads, read) = (file.Reads, file.BytesRead);
        var rows = RowRanges.Of(new RowRange(50_500, 50_501));
        var one = await reader.ReadRowGroupAsync(0, schema, rows, Token);
        BatchAssert.Equal(batch.Gather([50_500]), one);
        Assert.True(file.BytesRead - read < bytes.Length / 20, $"{file.BytesRead - read} bytes of {bytes.Length} were read for one row.");
        Assert.InRange(file.Reads - reads, 1, 4);
    }

    [Fact]
    public async Task Rows_outside_of_the_group_are_an_argument_error()
    {
        var batch = RandomBatches.Make(51, 100, 0);
        var reader = await ParquetReader.OpenAsync(new MemoryFile(await Files.WriteAsync(batch)), Token);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await reader.ReadRowGroupAsync(0, batch.Schema, RowRanges.Of(new RowRange(99, 101)), Token));
        Assert.Throws<ArgumentException>(() => RowRanges.Of(new RowRange(5, 9), new RowRange(8, 10)));
        Assert.Throws<ArgumentException>(() => RowRanges.OfRows([3, 3]));
    }

    [Fact]
    public void Ranges_are_sets_of_rows()
    {
        var random = new Random(61);
        for (var round = 0; round < 2000; round++)
        {
            int[] left = RandomRows(random, 60), right = RandomRows(random, 60);
            var (a, b) = (RowRanges.OfRows(left), RowRanges.OfRows(right));
            Assert.Equal(left, RowsOf(a));
            Assert.Equal(left.Intersect(right), RowsOf(a.Intersect(b)));
            var places = Enumerable.Range(0, a.Count).Where(_ => random.Next(3) == 0).ToArray();
            Assert.Equal(places.Select(place => left[place]), a.RowsAt(places));
        }
    }

    static async Task AssertRangesAsync(ParquetReader reader, int seed)
    {
        var random = new Random(seed);
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            var whole = await reader.ReadRowGroupAsync(group, reader.Columns, Token);
            for (var round = 0; round < 8; round++)
            {
                var rows = RandomRows(random, whole.RowCount);
                var read = await reader.ReadRowGroupAsync(group, reader.Columns, RowRanges.OfRows(rows), Token);
                BatchAssert.Equal(whole.Gather(rows), read);
            }
            BatchAssert.Equal(whole, await reader.ReadRowGroupAsync(group, reader.Columns, RowRanges.All(whole.RowCount), Token));
            Assert.Equal(0, (await reader.ReadRowGroupAsync(group, reader.Columns, RowRanges.None, Token)).RowCount);
        }
    }

    /// <summary>Some rows in runs, from none to nearly all.</summary>
    internal static int[] RandomRows(Random random, int count)
    {
        var (chance, stay) = (random.NextDouble(), random.Next(1, 40));
        var taken = false;
        var rows = new List<int>();
        for (var row = 0; row < count; row++)
        {
            if (random.Next(stay) == 0) taken = random.NextDouble() < chance;
            if (taken) rows.Add(row);
        }
        return [.. rows];
    }

    static IEnumerable<int> RowsOf(RowRanges ranges) => ranges.Ranges.SelectMany(range => Enumerable.Range(range.First, range.Count));

    static long Long(byte[] plain) => plain.Length == 4 ? BitConverter.ToInt32(plain) : BitConverter.ToInt64(plain);
}
