using System.Text;
using System.Text.Json.Nodes;
using Olist.Lake.Rest;
using Olist.Testing.Stores;

namespace Olist.Lake.Tests.Rest;

public sealed class CatalogReadTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_configuration_names_the_endpoints_and_no_more_than_it_was_given()
    {
        var catalog = await TestCatalog.CreateAsync(options: new RestCatalogOptions { StorageConfig = new Dictionary<string, string> { ["s3.endpoint"] = "http://x:1" } });
        var config = await catalog.GetAsync("config");
        Assert.Equal("{\"s3.endpoint\":\"http://x:1\"}", config["defaults"]!.ToJsonString());
        Assert.Equal("{}", config["overrides"]!.ToJsonString());
        Assert.Contains("HEAD /v1/{prefix}/namespaces/{namespace}/tables/{table}", config["endpoints"]!.AsArray().Select(endpoint => endpoint!.GetValue<string>()));
        Assert.Equal("{\"s3.endpoint\":\"http://x:1\"}", (await catalog.GetAsync(TestCatalog.Orders))["config"]!.ToJsonString());
    }

    [Fact]
    public async Task Namespaces_are_folders_with_tables_or_were_made()
    {
        var catalog = await TestCatalog.CreateAsync();
        await catalog.Lake.Store.PutAsync("stray/file.txt", new byte[1], Token);
        Assert.Equal("[[\"bronze\"]]", (await catalog.GetAsync("namespaces"))["namespaces"]!.ToJsonString());
        await catalog.PostAsync("namespaces", """{"namespace":["own"],"properties":{"owner":"me"}}""");
        Assert.Equal("[[\"bronze\"],[\"own\"]]", (await catalog.GetAsync("namespaces"))["namespaces"]!.ToJsonString());
        Assert.Equal("""{"namespace":["own"],"properties":{"owner":"me"}}""", (await catalog.GetAsync("namespaces/own")).ToJsonString());
        Assert.Equal("[]", (await catalog.GetAsync("namespaces/own/tables"))["identifiers"]!.ToJsonString());
        Assert.Equal("""[{"namespace":["bronze"],"name":"orders"}]""", (await catalog.GetAsync("namespaces/bronze/tables"))["identifiers"]!.ToJsonString());
        Assert.Equal(204, (await catalog.AskAsync("HEAD", "namespaces/own")).Status);
        TestCatalog.Error(await catalog.AskAsync("POST", "namespaces", """{"namespace":["bronze"]}"""), 409, "AlreadyExistsException");
        TestCatalog.Error(await catalog.AskAsync("DELETE", "namespaces/bronze"), 409, "NamespaceNotEmptyException");
        Assert.Equal(204, (await catalog.AskAsync("DELETE", "namespaces/own")).Status);
        TestCatalog.Error(await catalog.AskAsync("GET", "namespaces/own"), 404, "NoSuchNamespaceException");
    }

    [Theory]
    [InlineData("""{"namespace":["two","levels"]}"""), InlineData("""{"namespace":["Upper"]}"""), InlineData("""{"namespace":[".."]}"""), InlineData("""{"namespace":[1]}""")]
    [InlineData("""{"namespace":["a"],"properties":{"n":1}}"""), InlineData("""{"namespace":["a"],"namespace":["b"]}"""), InlineData("{"), InlineData("")]
    public async Task A_namespace_that_can_not_be_is_refused(string body)
    {
        var catalog = await TestCatalog.CreateAsync();
        TestCatalog.Error(await catalog.AskAsync("POST", "namespaces", body), 400, "BadRequestException");
        Assert.Equal("[[\"bronze\"]]", (await catalog.GetAsync("namespaces"))["namespaces"]!.ToJsonString());
    }

    [Fact]
    public async Task A_table_is_served_as_its_file_with_large_numbers_exact()
    {
        var catalog = await TestCatalog.CreateAsync();
        await catalog.Lake.AppendAsync(TestLake.Order(1));
        var old = catalog.Lake.Table.Current!.SnapshotId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await MetadataEditor.EditAsync(catalog.Lake, json => json.Replace(old, "7500000000000000001", StringComparison.Ordinal).Replace("\"properties\":{", "\"future\":1.50, \"properties\":{", StringComparison.Ordinal));
        var answer = await catalog.Rest.HandleAsync(new CatalogRequest("GET", TestCatalog.Orders), Token);
        var text = Encoding.UTF8.GetString(answer.Body.Span);
        var file = Encoding.UTF8.GetString(await catalog.Lake.Store.ReadAsync("bronze/orders/metadata/v2.metadata.json", Token));
        Assert.Contains($"\"metadata\":{file}", text, StringComparison.Ordinal);
        Assert.Equal("s3://memory/lake/bronze/orders/metadata/v2.metadata.json", JsonNode.Parse(text)!["metadata-location"]!.GetValue<string>());
        Assert.Equal(304, (await catalog.AskAsync("GET", TestCatalog.Orders, ifNoneMatch: answer.ETag)).Status);
        Assert.Equal(200, (await catalog.AskAsync("GET", TestCatalog.Orders, ifNoneMatch: "\"v1-other\"")).Status);
    }

    [Theory]
    [InlineData("bronze", "nobody"), InlineData("nobody", "orders"), InlineData("bronze\u001forders", "snapshots"), InlineData("..", "orders"), InlineData("bronze", "Orders")]
    public async Task A_table_that_is_not_there_is_no_such_table_even_without_its_namespace(string space, string table)
    {
        var catalog = await TestCatalog.CreateAsync();
        foreach (var method in (string[])["GET", "HEAD", "DELETE"])
            TestCatalog.Error(await catalog.AskAsync(method, $"namespaces/{space}/tables/{table}"), 404, "NoSuchTableException");
        TestCatalog.Error(await catalog.AskAsync("POST", $"namespaces/{space}/tables/{table}", """{"requirements":[],"updates":[]}"""), 404, "NoSuchTableException");
    }

    [Fact]
    public async Task What_is_not_offered_says_so()
    {
        var catalog = await TestCatalog.CreateAsync();
        foreach (var path in (string[])["oauth/tokens", "views/rename", "namespaces/bronze/views", TestCatalog.Orders + "/metrics", TestCatalog.Orders + "/plan"])
            TestCatalog.Error(await catalog.AskAsync("POST", path, "{}"), 501, "UnsupportedOperationException");
    }

    [Fact]
    public async Task A_dropped_table_is_gone_and_only_a_purge_takes_its_files()
    {
        var catalog = await TestCatalog.CreateAsync(options: new RestCatalogOptions { KeptNamespaces = new HashSet<string> { "gold" } });
        await catalog.Lake.AppendAsync(TestLake.Order(1));
        await catalog.Lake.Catalog.EnsureTableAsync(TableName.Parse("gold.kept"), TestLake.Definition, Token);
        TestCatalog.Error(await catalog.AskAsync("DELETE", "namespaces/gold/tables/kept"), 403, "ForbiddenException");
        Assert.Equal(204, (await catalog.AskAsync("DELETE", TestCatalog.Orders)).Status);
        TestCatalog.Error(await catalog.AskAsync("GET", TestCatalog.Orders), 404, "NoSuchTableException");
        Assert.Null(await catalog.Lake.Catalog.FindTableAsync(TestLake.Name, Token));
        var left = new List<string>();
        await foreach (var info in catalog.Lake.Store.ListAsync("bronze/", Token)) left.Add(info.Key);
        Assert.Contains(left, key => key.EndsWith(".parquet", StringComparison.Ordinal));

        await catalog.Lake.Catalog.EnsureTableAsync(TestLake.Name, TestLake.Definition, Token);
        var request = new CatalogRequest("DELETE", TestCatalog.Orders) { Query = new Dictionary<string, string> { ["purgeRequested"] = "True" } };
        Assert.Equal(204, (await catalog.Rest.HandleAsync(request, Token)).Status);
        await foreach (var info in catalog.Lake.Store.ListAsync("bronze/", Token)) Assert.Fail(info.Key);
    }

    [Fact]
    public async Task A_store_that_fails_is_an_answer_too()
    {
        var faulty = new FaultyStore(new MemoryObjectStore());
        var catalog = await TestCatalog.CreateAsync(faulty);
        faulty.Faults = call => call.Verb == StoreVerb.Read ? Fault.ErrorBefore : Fault.None;
        TestCatalog.Error(await catalog.AskAsync("GET", TestCatalog.Orders), 503, "ServiceUnavailableException");
    }
}
