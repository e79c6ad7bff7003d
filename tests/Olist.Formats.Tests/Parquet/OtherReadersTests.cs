using System.Globalization;
using System.Text.Json;
using Olist.Formats.Columns;
using Olist.Formats.Parquet;

namespace Olist.Formats.Tests.Parquet;

/// <summary>Files exchanged with DuckDB and hyparquet, which nobody here wrote. Needs Node; see tests/readers.</summary>
public sealed class OtherReadersTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<ParquetCodec, int, int, double> Written() => new()
    {
        { ParquetCodec.Snappy, 5000, 50, 0.1 },
        { ParquetCodec.Snappy, 3000, 0, 0.5 },
        { ParquetCodec.Gzip, 3000, 20, 0 },
        { ParquetCodec.None, 2000, 1, 0.3 },
        { ParquetCodec.Snappy, 1, 0, 0 },
        { ParquetCodec.Snappy, 9, 0, 1 },
        { ParquetCodec.Snappy, 0, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public async Task DuckDB_reads_every_value_that_was_written(ParquetCodec codec, int rows, int distinct, double nullShare)
    {
        var batch = RandomBatches.Make(seed: 11, rows, nullShare, distinct);
        using var file = await WriteAsync(batch, codec);
        var dump = await NodeReaders.RunAsync("read-duckdb.mjs", file.Path);
        Assert.Equal(
            ["BOOLEAN", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "VARCHAR", "BLOB", "UUID", "BLOB",
                "DECIMAL(5,2)", "DECIMAL(9,0)", "DECIMAL(10,2)", "DECIMAL(18,6)", "DECIMAL(20,3)", "DECIMAL(38,10)"],
            dump.GetProperty("types").EnumerateArray().Select(type => type.GetString()));
        AssertSame(batch, dump);
    }

    [Theory]
    [MemberData(nameof(Written))]
    public async Task Hyparquet_reads_every_value_that_was_written(ParquetCodec codec, int rows, int distinct, double nullShare)
    {
        var batch = RandomBatches.Make(seed: 12, rows, nullShare, distinct);
        using var file = await WriteAsync(batch, codec);
        AssertSame(batch, await NodeReaders.RunAsync("read-hyparquet.mjs", file.Path));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(0)]
    public async Task Rows_are_found_by_value_through_statistics_page_indexes_and_bloom_filters(int distinct)
    {
        var batch = RandomBatches.Make(seed: 13, 5000, 0.1, distinct);
        using var file = await WriteAsync(batch, ParquetCodec.Snappy);
        var report = await NodeReaders.RunAsync("check-filters.mjs", file.Path);
        Assert.Empty(report.GetProperty("mismatches").EnumerateArray().Select(mismatch => mismatch.GetString()));
        Assert.True(report.GetProperty("asked").GetInt32() > 300);
        Assert.Equal(0, report.GetProperty("excludedPresent").GetInt32());
        Assert.True(report.GetProperty("excludedAbsent").GetInt32() > 60, report.ToString());
        Assert.Equal(report.GetProperty("chunks").GetInt32(), report.GetProperty("withColumnIndex").GetInt32());
        Assert.Equal(report.GetProperty("chunks").GetInt32(), report.GetProperty("withOffsetIndex").GetInt32());
        // All but boolean, binary and fixed.
        Assert.Equal(report.GetProperty("chunks").GetInt32() * 16 / 19, report.GetProperty("withBloom").GetInt32());
    }

    public static TheoryData<string, string, int> FromDuckDB()
    {
        var data = new TheoryData<string, string, int>();
        foreach (var codec in (string[])["uncompressed", "snappy", "gzip", "brotli", "lz4_raw"])
            foreach (var version in (string[])["V1", "V2"])
                data.Add(codec, version, 10_000);
        data.Add("snappy", "V1", 0);
        data.Add("snappy", "V2", 1);
        data.Add("snappy", "V2", 129);
        return data;
    }

    [Theory]
    [MemberData(nameof(FromDuckDB))]
    public async Task Every_value_that_DuckDB_wrote_is_read(string codec, string version, int rows)
    {
        using var file = new TempFile();
        var dump = await NodeReaders.RunAsync("write-duckdb.mjs", file.Path, codec, version, rows.ToString(CultureInfo.InvariantCulture));
        var names = dump.GetProperty("names").EnumerateArray().Select(name => name.GetString()!).ToArray();
        var bytes = await File.ReadAllBytesAsync(file.Path, Token);
        var reader = await ParquetReader.OpenAsync(new MemoryFile(bytes), Token);
        Assert.Equal([.. names, "a_list", "a_struct", "last"], reader.Columns.Select(column => column.Name));
        var read = await Files.ReadAsync(bytes, names.Select(name => reader.Columns.First(column => column.Name == name)).ToArray());
        AssertSame(read, dump);
        var longs = await Files.ReadAsync(bytes, [new ColumnSchema(-1, "last", DataType.Long), new ColumnSchema(-1, "long", DataType.Long)]);
        for (var row = 0; row < longs.RowCount; row++) Assert.Equal(BatchAssert.Value(longs["long"], row), BatchAssert.Value(longs["last"], row));
    }

    [Fact]
    public async Task What_is_not_read_is_refused_by_name()
    {
        using var file = new TempFile();
        await NodeReaders.RunAsync("write-duckdb.mjs", file.Path, "zstd", "V1", "100");
        var reader = await ParquetReader.OpenAsync(new MemoryFile(await File.ReadAllBytesAsync(file.Path, Token), "orders.parquet"), Token);
        async Task<string> RefusalOf(string column, DataType type) =>
            (await Assert.ThrowsAsync<FormatViolationException>(async () => await reader.ReadRowGroupAsync(0, [new ColumnSchema(-1, column, type)], Token))).Message;
        var zstd = await RefusalOf("long", DataType.Long);
        Assert.Contains("orders.parquet: row group 0, column long", zstd, StringComparison.Ordinal);
        Assert.Contains("Zstd", zstd, StringComparison.Ordinal);
        Assert.Contains("can't be read as a flat column", await RefusalOf("a_list", DataType.Int), StringComparison.Ordinal);
        Assert.Contains("can't be read as a flat column", await RefusalOf("a_struct", DataType.Int), StringComparison.Ordinal);
        Assert.Contains("unsigned 64-bit", await RefusalOf("a_ubigint", DataType.Long), StringComparison.Ordinal);
        Assert.Contains("can't be read as", await RefusalOf("text", DataType.Long), StringComparison.Ordinal);
    }

    static async Task<TempFile> WriteAsync(RowBatch batch, ParquetCodec codec)
    {
        var file = new TempFile();
        var options = new ParquetWriterOptions
        {
            Codec = codec,
            PageRows = 700,
            RowGroupBytes = 400_000,
            BloomFilterColumns = batch.Schema.Select(column => column.Name).ToHashSet(),
            KeyValues = [new("iceberg.schema", "{}")],
        };
        await File.WriteAllBytesAsync(file.Path, await Files.WriteAsync(batch, options), Token);
        return file;
    }

    static void AssertSame(RowBatch batch, JsonElement dump)
    {
        var rows = dump.GetProperty("rows");
        Assert.Equal(batch.RowCount, rows.GetArrayLength());
        var row = 0;
        foreach (var values in rows.EnumerateArray())
        {
            var i = 0;
            foreach (var value in values.EnumerateArray())
            {
                var expected = Spell(batch.Columns[i], row, value.GetString()!);
                if (value.GetString() != expected) Assert.Fail($"{batch.Schema[i].Name}, row {row}: ours is {expected}, theirs {value.GetString()}");
                i++;
            }
            Assert.Equal(batch.Columns.Count, i);
            row++;
        }
    }

    static string Spell(Column column, int row, string other)
    {
        if (!column.IsNull(row) && column is ValueColumn<float> floats && float.IsNaN(floats[row])) return "nan";
        if (!column.IsNull(row) && column is ValueColumn<double> doubles && double.IsNaN(doubles[row])) return "nan";
        if (!other.StartsWith("number:", StringComparison.Ordinal) || column.IsNull(row)) return BatchAssert.Value(column, row);
        // hyparquet gives decimals as doubles: equal as far as those go.
        var exact = column is ValueColumn<long> longs ? longs[row] : (double)new System.Numerics.BigInteger(((BytesColumn)column)[row], isUnsigned: false, isBigEndian: true);
        exact /= Math.Pow(10, column.Type.Scale);
        var theirs = double.Parse(other.AsSpan(7), CultureInfo.InvariantCulture);
        return Math.Abs(theirs - exact) <= Math.Abs(exact) * 1e-12 ? other : $"number:{exact:R}";
    }
}
