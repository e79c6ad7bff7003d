using Olist.Formats.Columns;
using Olist.Formats.Parquet;

namespace Olist.Formats.Tests.Parquet;

public sealed class RoundTripTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int, double, int> Shapes()
    {
        var shapes = new TheoryData<int, double, int>();
        foreach (var rows in (int[])[0, 1, 7, 8, 9, 100, 1000, 1001, 4099])
            foreach (var nullShare in (double[])[0, 0.1, 0.9, 1])
                foreach (var distinct in (int[])[0, 1, 30])
                    shapes.Add(rows, nullShare, distinct);
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Every_type_comes_back_as_it_was(int rows, double nullShare, int distinct)
    {
        var batch = RandomBatches.Make(seed: 20161004 + rows, rows, nullShare, distinct);
        foreach (var codec in Enum.GetValues<ParquetCodec>())
        {
            var file = await Files.WriteAsync(batch, new ParquetWriterOptions { Codec = codec, PageRows = 1000 });
            BatchAssert.Equal(batch, await Files.ReadAsync(file));
        }
    }

    [Fact]
    public async Task Required_columns_come_back_as_they_were()
    {
        var batch = RandomBatches.Make(7, 3000, 0, schema: RandomBatches.Schema(required: true));
        BatchAssert.Equal(batch, await Files.ReadAsync(await Files.WriteAsync(batch)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(3, 64)]
    [InlineData(4, 700)]
    public async Task Batches_of_any_size_become_the_same_rows(int seed, int batchRows)
    {
        var whole = RandomBatches.Make(seed, 2500, 0.2, distinct: 40);
        var parts = Enumerable.Range(0, (whole.RowCount + batchRows - 1) / batchRows)
            .Select(i => whole.Gather(Enumerable.Range(i * batchRows, Math.Min(batchRows, whole.RowCount - i * batchRows)).ToArray()));
        var options = new ParquetWriterOptions { RowGroupBytes = 50_000, PageRows = 300, PageBytes = 2000, DictionaryBytes = 500 };
        var (file, summary) = await Files.WriteAsync(whole.Schema, parts, options);
        Assert.True(summary.SplitOffsets.Count > 1);
        Assert.Equal(file.Length, summary.FileBytes);
        BatchAssert.Equal(whole, await Files.ReadAsync(file));
    }

    [Fact]
    public async Task A_column_with_a_dictionary_goes_through_and_comes_back_with_one()
    {
        var dictionary = BytesColumn.Of("health_beauty", "toys", "never used", "garden_tools");
        var random = new Random(5);
        var codes = Enumerable.Range(0, 50_000).Select(_ => random.Next(2) * 3).ToArray();
        var validity = codes.Select((_, i) => (byte)(i % 7 == 0 ? 0 : 1)).ToArray();
        for (var i = 0; i < codes.Length; i += 7) codes[i] = 0;
        ColumnSchema[] schema = [new(1, "category", DataType.String)];
        var batch = new RowBatch(schema, [new BytesColumn(dictionary, codes, codes.Length, validity)], codes.Length);
        var file = await Files.WriteAsync(batch);
        var read = await Files.ReadAsync(file);
        BatchAssert.Equal(batch, read);
        Assert.Equal(2, read.Bytes("category").Dictionary!.Count);
    }

    [Fact]
    public async Task An_empty_file_has_its_schema_and_no_rows()
    {
        var (file, summary) = await Files.WriteAsync(RandomBatches.Schema(), []);
        Assert.Equal(0, summary.RowCount);
        var reader = await ParquetReader.OpenAsync(new MemoryFile(file), Token);
        Assert.Equal(RandomBatches.Schema(), reader.Columns);
        Assert.Equal(0, reader.RowGroupCount);
    }
}
