using System.Text.Json.Nodes;
using Olist.Formats.Columns;
using static Olist.Lake.Tests.Rest.TestCatalog;

namespace Olist.Lake.Tests.Rest;

/// <summary>A commit from outside that makes an older schema the current one.</summary>
public sealed class SchemaRollbackTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static string Current(int id) => $$"""{"action":"set-current-schema","schema-id":{{id}}}""";

    static string Holds(int id) => $$"""{"type":"assert-current-schema-id","current-schema-id":{{id}}}""";

    static JsonObject Note(int id = 6) => new() { ["id"] = id, ["name"] = "note", ["required"] = false, ["type"] = "string" };

    /// <summary>The first schema of the table, changed and made current.</summary>
    static async Task<JsonNode> EvolveAsync(TestCatalog catalog, Action<JsonArray> change)
    {
        var fields = (await catalog.MetadataAsync())["schemas"]![0]!["fields"]!.DeepClone().AsArray();
        change(fields);
        var add = new JsonObject { ["action"] = "add-schema", ["schema"] = new JsonObject { ["type"] = "struct", ["schema-id"] = 0, ["identifier-field-ids"] = new JsonArray(1), ["fields"] = fields } };
        return await catalog.CommittedAsync($"{add.ToJsonString()},{Current(-1)}");
    }

    static async Task AppendInCurrentSchemaAsync(TestCatalog catalog, int order)
    {
        var table = await catalog.Lake.ReopenAsync();
        var builder = new RowBatchBuilder(table.Columns);
        for (var i = 0; i < table.Columns.Count; i++)
            if (table.Columns[i].Name == "order_id") builder.Bytes(i).Append(TestLake.Order(order).OrderId);
            else if (table.Columns[i].Name is "note" or "state" or "status") builder.Bytes(i).Append("new");
            else builder.Columns[i].AppendNull();
        await table.CommitAsync(new TableChange { Append = [builder.Build()] }, Token);
    }

    [Fact]
    public async Task An_older_schema_comes_back_with_all_rows_and_the_newer_one_with_its_values()
    {
        var catalog = await CreateAsync();
        await catalog.Lake.AppendAsync(TestLake.Order(1, "a"), TestLake.Order(2, "b"));
        await EvolveAsync(catalog, all =>
        {
            all[1]!["name"] = "state";
            all.Add(Note());
        });
        await AppendInCurrentSchemaAsync(catalog, 3);

        await catalog.RefusedAsync(409, "Requirement failed", Holds(0), Current(0));
        var (status, body) = await catalog.CommitAsync(Holds(1), Current(0));
        Assert.True(status == 200, $"{body}");
        var metadata = body!["metadata"]!;
        Assert.Equal((0, 2, 6), (metadata["current-schema-id"]!.GetValue<int>(), metadata["schemas"]!.AsArray().Count, metadata["last-column-id"]!.GetValue<int>()));
        var table = await catalog.Lake.ReopenAsync();
        Assert.Equal(TestLake.Columns, table.Columns);
        Assert.Equal([TestLake.Order(1, "a"), TestLake.Order(2, "b"), new(TestLake.Order(3).OrderId, "new")], await TestLake.ScanAsync(table));
        Assert.Equal(1, (await table.LookupAsync(null, TestLake.Keys(TestLake.Order(3).OrderId), null, Token)).Rows.RowCount);
        await TestLake.UpsertAsync(table, [TestLake.Order(2, "c"), TestLake.Order(4, "d")]);
        Assert.Equal(0, table.Current!.SchemaId);

        // The same again changes nothing; what was there before is conflict enough.
        Assert.Equal(200, (await catalog.CommitAsync(Holds(0), Current(0))).Status);
        await catalog.RefusedAsync(409, "Requirement failed", Holds(1), Current(1));
        await catalog.CommittedAsync(Current(1));
        table = await catalog.Lake.ReopenAsync();
        var notes = new List<string?>();
        await foreach (var batch in table.ScanAsync(null, ["note"], Token))
            for (var row = 0; row < batch.RowCount; row++) notes.Add(batch.Bytes("note").Find(row));
        Assert.Equal([null, null, null, "new"], notes.Order(StringComparer.Ordinal));
        await catalog.RefusedAsync(400, "no schema 2", "", Current(2));
    }

    [Fact]
    public async Task A_schema_that_could_not_read_rows_written_since_does_not_come_back()
    {
        var catalog = await CreateAsync();
        await catalog.Lake.AppendAsync(TestLake.Order(1, "a"));
        await EvolveAsync(catalog, all => all[3]!["type"] = "decimal(12, 2)");
        // Nobody has written by it yet.
        await catalog.CommittedAsync(Current(0));
        await catalog.CommittedAsync(Current(1));
        await AppendInCurrentSchemaAsync(catalog, 2);
        await catalog.RefusedAsync(400, "field price can't change its type from decimal(12, 2) to decimal(10, 2)", "", Current(0));
        // Nor with another update beside it.
        await catalog.RefusedAsync(400, "field price", Holds(1), $$"""{"action":"set-properties","updates":{"x":"y"} },{{Current(0)}}""");
        Assert.Equal(2, (await TestLake.ScanAsync(await catalog.Lake.ReopenAsync())).Count);
    }

    [Fact]
    public async Task A_schema_whose_required_column_rows_lack_does_not_come_back()
    {
        var catalog = await CreateAsync();
        ColumnSchema[] columns = [.. TestLake.Columns, new(6, "shop", DataType.String, Required: true)];
        await catalog.Lake.Catalog.EnsureTableAsync(new("bronze", "shops"), new TableDefinition(columns) { Key = ["order_id"] }, Token);
        const string path = "namespaces/bronze/tables/shops";
        async Task<(int Status, JsonNode? Body)> CommitAsync(string updates) => await catalog.AskAsync("POST", path, $$"""{"requirements":[],"updates":[{{updates}}]}""");
        var fields = (await catalog.GetAsync(path))["metadata"]!["schemas"]![0]!["fields"]!.DeepClone().AsArray();
        fields[5]!["required"] = false;
        var add = new JsonObject { ["action"] = "add-schema", ["schema"] = new JsonObject { ["type"] = "struct", ["schema-id"] = 0, ["identifier-field-ids"] = new JsonArray(1), ["fields"] = fields } };
        Assert.Equal(200, (await CommitAsync($"{add.ToJsonString()},{Current(-1)}")).Status);
        var table = await catalog.Lake.Catalog.GetTableAsync(new("bronze", "shops"), Token);
        var builder = new RowBatchBuilder(table.Columns);
        builder.Bytes(0).Append("x");
        for (var i = 1; i < table.Columns.Count; i++) builder.Columns[i].AppendNull();
        await table.CommitAsync(new TableChange { Append = [builder.Build()] }, Token);
        Assert.Contains("shop was optional", Error(await CommitAsync(Current(0)), 400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_without_the_column_of_the_partitioning_does_not_come_back()
    {
        var catalog = await CreateAsync();
        await catalog.Lake.AppendAsync(TestLake.Order(1, "a"));
        await EvolveAsync(catalog, all => all.Add(Note()));
        await catalog.CommittedAsync("""{"action":"add-spec","spec":{"fields":[{"source-id":6,"name":"note_part","transform":"truncate[2]"}]}},{"action":"set-default-spec","spec-id":-1}""");
        await catalog.RefusedAsync(400, "note_part", "", Current(0));
        // Together with the partitioning that it came with.
        await catalog.CommittedAsync($$"""{"action":"set-default-spec","spec-id":0},{{Current(0)}}""");
        Assert.Equal([TestLake.Order(1, "a")], await TestLake.ScanAsync(await catalog.Lake.ReopenAsync()));
    }
}
