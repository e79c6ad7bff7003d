using Olist.Formats.Columns;
using Olist.Formats.Parquet;

namespace Olist.Formats.Tests.Parquet;

public sealed class WriterTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_null_in_a_required_column_is_refused_and_the_batch_not_taken()
    {
        ColumnSchema[] schema = [new(1, "id", DataType.String, Required: true)];
        using var stream = new MemoryStream();
        await using var writer = new ParquetWriter(stream, schema);
        await writer.WriteAsync(new RowBatch(schema, [BytesColumn.Of("a")], 1), Token);
        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await writer.WriteAsync(new RowBatch(schema, [BytesColumn.Of("b", null)], 2), Token));
        Assert.Contains("Column id is required, but row 1", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await writer.CompleteAsync(Token)).RowCount);
    }

    [Fact]
    public async Task A_batch_with_other_columns_is_refused()
    {
        ColumnSchema[] schema = [new(1, "id", DataType.Long)];
        await using var writer = new ParquetWriter(Stream.Null, schema);
        ColumnSchema[] other = [new(1, "id", DataType.Timestamp)];
        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.WriteAsync(RandomBatches.Make(1, 3, 0, schema: other), Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.WriteAsync(RandomBatches.Make(1, 3, 0), Token));
    }

    [Fact]
    public void Two_columns_of_one_name_are_refused() =>
        Assert.Throws<ArgumentException>(() => new ParquetWriter(Stream.Null, [new ColumnSchema(1, "a", DataType.Int), new ColumnSchema(2, "a", DataType.Int)]));

    [Fact]
    public async Task Values_beyond_their_precision_are_refused()
    {
        ColumnSchema[] schema = [new(1, "price", DataType.Decimal(9, 2)), new(2, "sum", DataType.Decimal(20, 0))];
        await using var writer = new ParquetWriter(Stream.Null, schema);
        await writer.WriteAsync(new RowBatch(schema, [new ValueColumn<long>(DataType.Decimal(9, 2), [long.MaxValue], 1), new BytesColumn(DataType.Decimal(20, 0), [0, 1], [1], 1)], 1), Token);
        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await writer.CompleteAsync(Token));
        Assert.Contains("Column price", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_rows_give_the_same_bytes_on_one_thread_and_on_many()
    {
        var batch = RandomBatches.Make(2, 20_000, 0.1, distinct: 300);
        var one = await Files.WriteAsync(batch, new ParquetWriterOptions { MaxParallelism = 1 });
        var many = await Files.WriteAsync(batch, new ParquetWriterOptions { MaxParallelism = 8 });
        Assert.Equal(one, many);
        BatchAssert.Equal(batch, await Files.ReadAsync(many));
    }

    [Fact]
    public async Task A_value_larger_than_a_page_has_a_page_of_its_own()
    {
        ColumnSchema[] schema = [new(1, "text", DataType.String)];
        var batch = new RowBatch(schema, [BytesColumn.Of("a", new string('x', 5000), null, new string('y', 5000), "b", "")], 6);
        BatchAssert.Equal(batch, await Files.ReadAsync(await Files.WriteAsync(batch, new ParquetWriterOptions { PageBytes = 1000 })));
    }
}
