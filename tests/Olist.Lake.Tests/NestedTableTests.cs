using System.Text.Json;
using System.Text.Json.Nodes;
using Olist.Formats.Columns;
using Olist.Formats.Tests.Parquet;
using Olist.Storage;

namespace Olist.Lake.Tests;

/// <summary>A table with lists, maps and structs that others wrote (tests/readers/handmade/nested.mjs: DuckDB and avsc). Needs Node.</summary>
public sealed class NestedTableTests : IDisposable
{
    static readonly TableName Name = new("shop", "nested");

    readonly string _root = Directory.CreateTempSubdirectory("olist-nested-").FullName;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    async Task<(LakeTable Table, JsonElement Dump)> MakeAsync()
    {
        var store = new LocalObjectStore(_root);
        var catalog = await LakeCatalog.OpenAsync(store, TimeProvider.System, cancellationToken: Token);
        var dump = await NodeReaders.RunAsync("../handmade/nested.mjs", _root);
        return (await catalog.GetTableAsync(Name, Token), dump);
    }

    [Fact]
    public async Task Its_rows_are_read_in_full_and_by_column()
    {
        var (table, dump) = await MakeAsync();
        Assert.Equal(
            ["long", "list<string>", "map<string, int>", "struct<name: string, address: struct<city: string, zips: list<int>>, since: date>", "list<struct<sku: string, price: decimal(10, 2), discounts: map<int, double>>>"],
            table.Columns.Select(column => column.Type.ToString()));
        var expected = dump.GetProperty("rows").EnumerateArray().Select(row => row.EnumerateArray().Select(value => JsonNode.Parse(value.GetRawText())!.ToJsonString()).ToArray()).ToArray();
        Assert.Equal(expected, await RowsAsync(table, new ScanRequest()));
        Assert.Equal(expected.Select(row => new[] { row[3], row[0] }), await RowsAsync(table, new ScanRequest { Columns = ["customer", "id"] }, keyColumn: 1));
        Assert.Equal(expected.Where(row => row[0] == "\"4\""), await RowsAsync(table, new ScanRequest { Where = [ColumnRange.EqualTo("id", 4L)] }));
    }

    [Fact]
    public async Task Writing_compacting_and_filtering_by_a_nested_column_are_refused_by_its_name()
    {
        var (table, _) = await MakeAsync();
        var batch = new RowBatch([table.Columns[0]], [new ValueColumn<long>(DataType.Long, [9], 1)], 1);
        var write = await Assert.ThrowsAsync<UnsupportedFormatException>(async () => await table.CommitAsync(new TableChange { Append = [batch] }, Token));
        Assert.Contains("shop.nested has nested columns (tags: list<string>, counts: map<string, int>", write.Message, StringComparison.Ordinal);
        var compact = await Assert.ThrowsAsync<UnsupportedFormatException>(async () => await new LakeMaintenance(new MaintenanceOptions()).CompactAsync(table, Token));
        Assert.Contains("can't be rewritten", compact.Message, StringComparison.Ordinal);
        var filter = await Assert.ThrowsAsync<LakeException>(async () => await RowsAsync(table, new ScanRequest { Where = [ColumnRange.EqualTo("tags", "a")] }));
        Assert.Contains("can't be filtered by column tags", filter.Message, StringComparison.Ordinal);
    }

    static async Task<List<string[]>> RowsAsync(LakeTable table, ScanRequest request, int keyColumn = 0)
    {
        var rows = new List<string[]>();
        await foreach (var batch in table.ScanAsync(request, Token))
            for (var row = 0; row < batch.RowCount; row++) rows.Add([.. batch.Columns.Select(column => NestedSpelling.Of(column, row))]);
        return [.. rows.OrderBy(row => row[keyColumn], StringComparer.Ordinal)];
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
