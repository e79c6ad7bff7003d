using System.Text.Json.Nodes;
using static Olist.Lake.Tests.Rest.TestCatalog;

namespace Olist.Lake.Tests.Rest;

/// <summary>Lists in pages, properties of namespaces, tables without their history.</summary>
public sealed class CatalogPagesTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static async Task<TestCatalog> WithTablesAsync(params string[] names)
    {
        var catalog = await CreateAsync();
        foreach (var name in names) await catalog.Lake.Catalog.EnsureTableAsync(TableName.Parse(name), TestLake.Definition, Token);
        return catalog;
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(10)]
    public async Task A_list_comes_in_pages_whole_and_in_order(int size)
    {
        var catalog = await WithTablesAsync("bronze.a", "bronze.b", "bronze.c", "gold.x", "silver.y");
        Assert.Equal(["a", "b", "c", "orders"], await WalkAsync(catalog, "namespaces/bronze/tables", "identifiers", size, item => item["name"]!.GetValue<string>()));
        Assert.Equal(["bronze", "gold", "silver"], await WalkAsync(catalog, "namespaces", "namespaces", size, item => item[0]!.GetValue<string>()));
    }

    static async Task<List<string>> WalkAsync(TestCatalog catalog, string path, string list, int size, Func<JsonNode, string> name)
    {
        var names = new List<string>();
        for (var token = ""; token is not null;)
        {
            var page = await catalog.GetAsync($"{path}?pageToken={token}&pageSize={size}");
            Assert.InRange(page[list]!.AsArray().Count, 1, size);
            names.AddRange(page[list]!.AsArray().Select(item => name(item!)));
            token = page["next-page-token"]?.GetValue<string>();
        }
        return names;
    }

    [Fact]
    public async Task Who_gives_no_token_gets_all_and_a_wrong_size_is_refused()
    {
        var catalog = await WithTablesAsync("bronze.a", "bronze.b");
        Assert.Equal(3, (await catalog.GetAsync("namespaces/bronze/tables?pageSize=1"))["identifiers"]!.AsArray().Count);
        Assert.Equal(3, (await catalog.GetAsync("namespaces/bronze/tables?pageToken="))["identifiers"]!.AsArray().Count);
        foreach (var size in (string[])["0", "-1", "x", "1.5"])
            Assert.Contains("pageSize", Error(await catalog.AskAsync("GET", $"namespaces/bronze/tables?pageToken=&pageSize={size}"), 400, "BadRequestException"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Properties_of_a_namespace_are_set_and_removed_and_what_was_not_there_is_said()
    {
        var catalog = await CreateAsync();
        var done = await catalog.PostAsync("namespaces/bronze/properties", """{"updates":{"owner":"a","note":"b"}}""");
        Assert.Equal("""{"updated":["owner","note"],"removed":[],"missing":[]}""", done.ToJsonString());
        done = await catalog.PostAsync("namespaces/bronze/properties", """{"removals":["note","nothing"],"updates":{"owner":"c"}}""");
        Assert.Equal("""{"updated":["owner"],"removed":["note"],"missing":["nothing"]}""", done.ToJsonString());
        Assert.Equal("""{"owner":"c"}""", (await catalog.GetAsync("namespaces/bronze"))["properties"]!.ToJsonString());

        Assert.Contains("owner", Error(await catalog.AskAsync("POST", "namespaces/bronze/properties", """{"removals":["owner"],"updates":{"owner":"c"}}"""), 422, "UnprocessableEntityException"), StringComparison.Ordinal);
        Error(await catalog.AskAsync("POST", "namespaces/nobody/properties", """{"updates":{"a":"b"}}"""), 404, "NoSuchNamespaceException");
        foreach (var body in (string[])["", "[]", """{"updates":{"a":1}}""", """{"removals":"a"}"""])
            Error(await catalog.AskAsync("POST", "namespaces/bronze/properties", body), 400, "BadRequestException");
    }

    [Fact]
    public async Task Updates_at_once_lose_nothing()
    {
        var catalog = await CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => catalog.PostAsync("namespaces/bronze/properties", $$"""{"updates":{"k{{i}}":"v"} }"""), Token)));
        Assert.Equal(20, (await catalog.GetAsync("namespaces/bronze"))["properties"]!.AsObject().Count);
    }

    [Fact]
    public async Task A_table_can_be_loaded_without_the_snapshots_that_no_branch_and_no_tag_points_to()
    {
        var catalog = await CreateAsync();
        for (var i = 0; i < 4; i++) await catalog.Lake.AppendAsync(TestLake.Order(i));
        var second = catalog.Lake.Table.Snapshots[1].SnapshotId;
        await catalog.CommittedAsync($$"""{"action":"set-snapshot-ref","ref-name":"audit","type":"tag","snapshot-id":{{second}}}""");

        var all = await catalog.GetAsync(Orders + "?snapshots=all");
        var refs = await catalog.GetAsync(Orders + "?snapshots=refs");
        Assert.Equal(4, all["metadata"]!["snapshots"]!.AsArray().Count);
        Assert.Equal([second, all["metadata"]!["current-snapshot-id"]!.GetValue<long>()], refs["metadata"]!["snapshots"]!.AsArray().Select(snapshot => snapshot!["snapshot-id"]!.GetValue<long>()));
        // Engines want the log to end in the current snapshot, and every entry to be listed.
        Assert.Equal(refs["metadata"]!["current-snapshot-id"]!.GetValue<long>(), Assert.Single(refs["metadata"]!["snapshot-log"]!.AsArray())!["snapshot-id"]!.GetValue<long>());
        Assert.Equal(all["metadata"]!["schemas"]!.ToJsonString(), refs["metadata"]!["schemas"]!.ToJsonString());
        Assert.Equal(all["metadata-location"]!.ToJsonString(), refs["metadata-location"]!.ToJsonString());
        Error(await catalog.AskAsync("GET", Orders + "?snapshots=some"), 400, "BadRequestException");
    }

    [Fact]
    public async Task The_two_forms_of_a_table_have_tags_of_their_own()
    {
        var catalog = await CreateAsync();
        var tags = new List<string>();
        foreach (var form in (string[])["all", "refs"])
            tags.Add((await catalog.Rest.HandleAsync(new Olist.Lake.Rest.CatalogRequest("GET", Orders) { Query = new Dictionary<string, string> { ["snapshots"] = form } }, Token)).ETag!); // a loaded table has one
        Assert.NotEqual(tags[0], tags[1]);
        Assert.Equal(304, (await catalog.AskAsync("GET", Orders + "?snapshots=refs", ifNoneMatch: tags[1])).Status);
        Assert.Equal(200, (await catalog.AskAsync("GET", Orders + "?snapshots=refs", ifNoneMatch: tags[0])).Status);
    }
}
