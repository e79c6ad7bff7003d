using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Olist.Formats.Columns;
using Olist.Formats.Parquet;

namespace Olist.Formats.Tests.Parquet;

/// <summary>Nested columns that DuckDB and hyparquet-writer wrote, compared value by value with what went into them. Needs Node; see tests/readers.</summary>
public sealed class NestedFilesTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, int> FromDuckDB() => new()
    {
        { "uncompressed", "V1", 500 }, { "snappy", "V1", 2000 }, { "snappy", "V2", 2000 }, { "gzip", "V2", 300 }, { "brotli", "V1", 300 }, { "lz4_raw", "V2", 300 }, { "snappy", "V1", 0 }, { "snappy", "V2", 1 },
    };

    [Theory]
    [MemberData(nameof(FromDuckDB))]
    public async Task Every_nested_value_that_DuckDB_wrote_is_read(string codec, string version, int rows)
    {
        using var file = new TempFile();
        var dump = await NodeReaders.RunAsync("write-duckdb-nested.mjs", file.Path, codec, version, rows.ToString(CultureInfo.InvariantCulture));
        var reader = await OpenAsync(file);
        var names = Names(dump);
        Assert.Equal(names, reader.Columns.Select(column => column.Name)); // and not the four that have no type here
        Assert.All(reader.Columns.Where(column => column.Name != "arrays"), AssertHasIds); // DuckDB gives their elements none
        await AssertSameAsync(reader, dump);
    }

    public static TheoryData<string, int> FromHyparquet() => new()
    {
        { "UNCOMPRESSED", 600 }, { "SNAPPY", 1200 }, { "GZIP", 300 }, { "BROTLI", 300 }, { "LZ4_RAW", 300 }, { "SNAPPY", 1 }, { "SNAPPY", 17 },
    };

    [Theory]
    [MemberData(nameof(FromHyparquet))]
    public async Task Every_value_that_hyparquet_wrote_is_read_in_every_encoding(string codec, int rows)
    {
        using var file = new TempFile();
        var dump = await NodeReaders.RunAsync("write-hyparquet.mjs", file.Path, codec, rows.ToString(CultureInfo.InvariantCulture));
        var reader = await OpenAsync(file);
        Assert.Equal(Names(dump), reader.Columns.Select(column => column.Name));
        await AssertSameAsync(reader, dump);
    }

    [Fact]
    public async Task A_codec_that_is_not_read_is_refused_with_file_row_group_and_column()
    {
        using var file = new TempFile();
        await NodeReaders.RunAsync("write-hyparquet.mjs", file.Path, "ZSTD", "20");
        var reader = await OpenAsync(file);
        foreach (var name in (string[])["map", "long"])
        {
            var error = await Assert.ThrowsAsync<FormatViolationException>(async () => await reader.ReadRowGroupAsync(0, [reader.Columns.Single(column => column.Name == name)], Token));
            Assert.Contains($"theirs.parquet: row group 0, column {name}", error.Message, StringComparison.Ordinal);
            Assert.Contains("codec Zstd is not supported", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_has_no_type_is_refused_by_its_path_and_the_rest_of_a_struct_is_read()
    {
        using var file = new TempFile();
        await NodeReaders.RunAsync("write-duckdb-nested.mjs", file.Path, "snappy", "V1", "10");
        var reader = await OpenAsync(file);
        async Task<string> RefusalOf(ColumnSchema column) => (await Assert.ThrowsAsync<FormatViolationException>(async () => await reader.ReadRowGroupAsync(0, [column], Token))).Message;
        Assert.Contains("theirs.parquet: row group 0, column ulongs: column ulongs.list.element: unsigned 64-bit", await RefusalOf(new(-1, "ulongs", DataType.List(new(-1, "element", DataType.Long)))), StringComparison.Ordinal);
        Assert.Contains("intervals have no type here", await RefusalOf(new(-1, "period", DataType.Fixed(12))), StringComparison.Ordinal);
        Assert.Contains("intervals have no type here", await RefusalOf(new(-1, "periods", DataType.List(new(-1, "element", DataType.Fixed(12))))), StringComparison.Ordinal);
        Assert.Contains("half_readable.b: unsigned 64-bit", await RefusalOf(new(-1, "half_readable", DataType.Struct(new(-1, "a", DataType.Int), new(-1, "b", DataType.Long)))), StringComparison.Ordinal);
        Assert.Contains("can't be read as list<int>", await RefusalOf(new(-1, "required_like", DataType.List(new(-1, "element", DataType.Int)))), StringComparison.Ordinal);
        Assert.Contains("can't be read as a flat column", await RefusalOf(new(-1, "required_like", DataType.Int)), StringComparison.Ordinal);

        var half = await reader.ReadRowGroupAsync(0, [new(-1, "half_readable", DataType.Struct(new(-1, "added_later", DataType.String), new(-1, "a", DataType.Long)))], Token);
        var structs = (StructColumn)half.Columns[0];
        Assert.Equal(10, structs.Fields[0].CountNulls());
        Assert.All(Enumerable.Range(0, 10), row => Assert.Equal(1, ((ValueColumn<long>)structs.Fields[1])[row]));
        // Only its levels are there to be read.
        var none = await reader.ReadRowGroupAsync(0, [new(-1, "half_readable", DataType.Struct(new ColumnSchema(-1, "added_later", DataType.String)))], Token);
        Assert.Equal(0, none.Columns[0].CountNulls());
    }

    [Fact]
    public async Task Types_of_hyparquet_without_a_counterpart_are_refused_one_by_one()
    {
        using var file = new TempFile();
        await NodeReaders.RunAsync("write-hyparquet.mjs", file.Path, "SNAPPY", "20");
        var reader = await OpenAsync(file);
        foreach (var (column, reason) in ((ColumnSchema, string)[])[
            (new(-1, "half", DataType.Fixed(2)), "half-precision floats have no type here"), (new(-1, "place", DataType.Binary), "logical type Geometry has no type here"),
            (new(-1, "ulong", DataType.Long), "unsigned 64-bit numbers have no type here"), (new(-1, "variant", DataType.Struct(new ColumnSchema(-1, "metadata", DataType.Binary))), "variant is a group of logical type Variant")])
        {
            var error = await Assert.ThrowsAsync<FormatViolationException>(async () => await reader.ReadRowGroupAsync(0, [column], Token));
            Assert.StartsWith("theirs.parquet: row group 0", error.Message, StringComparison.Ordinal);
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        }
    }

    static async Task<ParquetReader> OpenAsync(TempFile file) => await ParquetReader.OpenAsync(new MemoryFile(await File.ReadAllBytesAsync(file.Path, Token), "theirs.parquet"), Token);

    static string[] Names(JsonElement dump) => [.. dump.GetProperty("names").EnumerateArray().Select(name => name.GetString()!)];

    static void AssertHasIds(ColumnSchema column)
    {
        Assert.True(column.FieldId >= 0, column.Name);
        foreach (var child in column.Type.Children) AssertHasIds(child);
    }

    /// <summary>All columns at once and each alone; then through the operations on batches.</summary>
    static async Task AssertSameAsync(ParquetReader reader, JsonElement dump)
    {
        var rows = dump.GetProperty("rows").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetRawText() is var text ? JsonNode.Parse(text)!.ToJsonString() : "").ToArray()).ToArray();
        var groups = new List<RowBatch>();
        for (var group = 0; group < reader.RowGroupCount; group++) groups.Add(await reader.ReadRowGroupAsync(group, reader.Columns, Token));
        var whole = RowBatch.Concat(reader.Columns, groups);
        Assert.Equal(rows.Length, whole.RowCount);
        Compare(whole, row => rows[row]);
        if (rows.Length == 0) return;
        var random = new Random(7);
        var picks = Enumerable.Range(0, 300).Select(_ => random.Next(rows.Length)).ToArray();
        Compare(whole.Gather(picks), row => rows[picks[row]]);
        var nulls = whole.Gather([-1, 0]);
        Assert.All(nulls.Columns, column => Assert.True(column.IsNull(0)));
        Compare(RowBatch.Concat(whole.Schema, [whole, whole.Gather(picks), nulls.Gather([1])]), row => row < rows.Length ? rows[row] : row < rows.Length + picks.Length ? rows[picks[row - rows.Length]] : rows[0]);
        foreach (var column in reader.Columns.Where((_, i) => i % 7 == 3))
            Compare(await reader.ReadRowGroupAsync(0, [column], Token), row => [rows[row][whole.IndexOf(column.Name)]]);
    }

    static void Compare(RowBatch batch, Func<int, string[]> expected)
    {
        for (var row = 0; row < batch.RowCount; row++)
        {
            var values = expected(row);
            Assert.Equal(batch.Columns.Count, values.Length);
            for (var i = 0; i < values.Length; i++)
                if (NestedSpelling.Of(batch.Columns[i], row) is var ours && ours != values[i]) Assert.Fail($"{batch.Schema[i].Name} ({batch.Schema[i].Type}), row {row}: ours is {ours}, theirs {values[i]}");
        }
    }
}
