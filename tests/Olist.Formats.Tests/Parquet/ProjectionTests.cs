using Olist.Formats.Columns;
using Olist.Formats.Parquet;

namespace Olist.Formats.Tests.Parquet;

public sealed class ProjectionTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static readonly ColumnSchema[] Schema =
    [
        new(1, "order_id", DataType.String, Required: true), new(2, "quantity", DataType.Int), new(3, "weight", DataType.Float), new(4, "price", DataType.Decimal(9, 2)), new(5, "sum", DataType.Decimal(18, 2)),
    ];

    static RowBatch Batch => RandomBatches.Make(8, 500, 0.2, schema: Schema);

    [Fact]
    public async Task Columns_are_found_by_id_and_promoted()
    {
        var batch = Batch;
        var file = await Files.WriteAsync(batch);
        ColumnSchema[] wanted = [new(5, "total", DataType.Decimal(30, 2)), new(4, "unit_price", DataType.Decimal(12, 2)), new(3, "weight_g", DataType.Double), new(2, "amount", DataType.Long), new(9, "quantity", DataType.Date)];
        var read = await Files.ReadAsync(file, wanted);
        Assert.Equal(wanted, read.Schema);
        for (var row = 0; row < batch.RowCount; row++)
        {
            Assert.Equal(batch.Ints("quantity").Find(row), (int?)read.Longs("amount").Find(row));
            Assert.Equal((double?)((ValueColumn<float>)batch["weight"]).Find(row), read.Doubles("weight_g").Find(row));
            Assert.Equal(batch.Longs("price").Find(row), read.Longs("unit_price").Find(row));
            Assert.Equal(batch.Longs("sum").Find(row), read["total"].IsNull(row) ? null : (long)new System.Numerics.BigInteger(read.Bytes("total")[row], isUnsigned: false, isBigEndian: true));
            Assert.True(read["quantity"].IsNull(row));
        }
    }

    [Theory]
    [InlineData(2, TypeKind.String, "quantity is int")]
    [InlineData(5, TypeKind.Long, "sum is decimal(18, 2)")]
    [InlineData(1, TypeKind.Timestamp, "order_id is string")]
    public async Task Types_that_do_not_fit_are_refused(int fieldId, TypeKind kind, string message)
    {
        var file = await Files.WriteAsync(Batch);
        var error = await Assert.ThrowsAsync<FormatViolationException>(() => Files.ReadAsync(file, [new ColumnSchema(fieldId, "c", new DataType(kind))]));
        Assert.Contains($"memory.parquet: row group 0: column {message} in the file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_required_column_must_be_there_and_without_nulls()
    {
        var file = await Files.WriteAsync(Batch);
        var missing = await Assert.ThrowsAsync<FormatViolationException>(() => Files.ReadAsync(file, [new ColumnSchema(77, "gone", DataType.Int, Required: true)]));
        Assert.Contains("column gone (field id 77) is required", missing.Message, StringComparison.Ordinal);
        var nulls = await Assert.ThrowsAsync<FormatViolationException>(() => Files.ReadAsync(file, [new ColumnSchema(2, "quantity", DataType.Int, Required: true)]));
        Assert.Contains("column quantity: it is required, but", nulls.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_ids_is_read_by_name()
    {
        var batch = RandomBatches.Make(9, 100, 0.2, schema: [new(-1, "a", DataType.Int), new(-1, "b", DataType.String)]);
        var file = await Files.WriteAsync(batch);
        var read = await Files.ReadAsync(file, [new ColumnSchema(2, "b", DataType.String), new ColumnSchema(3, "c", DataType.String)]);
        for (var row = 0; row < 100; row++) Assert.Equal(batch.Bytes("b").Find(row), read.Bytes("b").Find(row));
        Assert.Equal(100, read["c"].CountNulls());
    }

    [Fact]
    public async Task A_small_file_takes_one_request_and_neighbours_are_fetched_together()
    {
        var small = new MemoryFile(await Files.WriteAsync(Batch));
        var reader = await ParquetReader.OpenAsync(small, Token);
        await reader.ReadRowGroupAsync(0, reader.Columns, Token);
        Assert.Equal(1, small.Reads);

        var large = new MemoryFile(await Files.WriteAsync(RandomBatches.Make(10, 30_000, 0), new ParquetWriterOptions { Codec = ParquetCodec.None }));
        reader = await ParquetReader.OpenAsync(large, Token);
        await reader.ReadRowGroupAsync(0, reader.Columns, Token);
        Assert.Equal(2, large.Reads);
        await reader.ReadRowGroupAsync(0, [reader.Columns[1], reader.Columns[^1]], Token);
        Assert.Equal(4, large.Reads);
    }

    [Fact]
    public async Task Key_values_come_back()
    {
        var (file, _) = await Files.WriteAsync(Schema, [Batch], new ParquetWriterOptions { KeyValues = [new("iceberg.schema", "{\"type\":\"struct\"}"), new("empty", "")] });
        var reader = await ParquetReader.OpenAsync(new MemoryFile(file), Token);
        Assert.Equal("{\"type\":\"struct\"}", reader.KeyValues["iceberg.schema"]);
        Assert.Equal("", reader.KeyValues["empty"]);
        Assert.Equal(Schema, reader.Columns);
    }
}
