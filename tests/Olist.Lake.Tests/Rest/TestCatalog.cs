using System.Text;
using System.Text.Json.Nodes;
using Olist.Lake.Rest;
using Olist.Storage;

namespace Olist.Lake.Tests.Rest;

/// <summary>A catalog over a lake with the table bronze.orders, and short ways to ask it.</summary>
sealed class TestCatalog
{
    public const string Orders = "namespaces/bronze/tables/orders";

    TestCatalog(TestLake lake, RestCatalogOptions? options)
    {
        Lake = lake;
        Rest = new RestCatalog(lake.Catalog, options);
    }

    public TestLake Lake { get; }
    public RestCatalog Rest { get; }

    public static async Task<TestCatalog> CreateAsync(IObjectStore? store = null, RestCatalogOptions? options = null) => new(await TestLake.CreateAsync(store: store), options);

    public async Task<(int Status, JsonNode? Body)> AskAsync(string method, string path, string? body = null, string? ifNoneMatch = null)
    {
        var parts = path.Split('?');
        var query = parts.Length == 1 ? [] : parts[1].Split('&').Select(parameter => parameter.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        var answer = await Rest.HandleAsync(new CatalogRequest(method, parts[0], Encoding.UTF8.GetBytes(body ?? "")) { IfNoneMatch = ifNoneMatch, Query = query }, TestContext.Current.CancellationToken);
        return (answer.Status, answer.Body.IsEmpty ? null : JsonNode.Parse(answer.Body.Span));
    }

    /// <summary>The body of an answer that must be 200.</summary>
    public async Task<JsonNode> GetAsync(string path) => Ok(await AskAsync("GET", path));

    public async Task<JsonNode> PostAsync(string path, string body) => Ok(await AskAsync("POST", path, body));

    static JsonNode Ok((int Status, JsonNode? Body) answer)
    {
        Assert.True(answer.Status == 200, $"{answer.Status}: {answer.Body}");
        return answer.Body!;
    }

    public async Task<JsonNode> MetadataAsync() => (await GetAsync(Orders))["metadata"]!;

    public Task<(int Status, JsonNode? Body)> CommitAsync(string requirements, string updates) =>
        AskAsync("POST", Orders, $$"""{"requirements":[{{requirements}}],"updates":[{{updates}}]}""");

    /// <summary>The metadata after a commit that must succeed.</summary>
    public async Task<JsonNode> CommittedAsync(string updates) => Ok(await CommitAsync("", updates))["metadata"]!;

    /// <summary>A commit that must be refused with this code and words, and leave the table alone.</summary>
    public async Task RefusedAsync(int code, string says, string requirements, string updates)
    {
        var before = (await GetAsync(Orders)).ToJsonString();
        Assert.Contains(says, Error(await CommitAsync(requirements, updates), code), StringComparison.Ordinal);
        Assert.Equal(before, (await GetAsync(Orders)).ToJsonString());
    }

    /// <summary>The message of an error; its inner code is the status.</summary>
    public static string Error((int Status, JsonNode? Body) answer, int code, string? type = null)
    {
        Assert.True(answer.Status == code, $"{answer.Status}: {answer.Body}");
        var error = answer.Body!["error"]!;
        Assert.Equal(code, error["code"]!.GetValue<int>());
        if (type is not null) Assert.Equal(type, error["type"]!.GetValue<string>());
        return error["message"]!.GetValue<string>();
    }

    /// <summary>An append of an outside engine, on top of what lies there: the files of a snapshot that is there already, under a new id.</summary>
    public async Task<string> AppendAsync(long snapshotId, long? sequence = null, string? extra = null)
    {
        var metadata = await MetadataAsync();
        var last = metadata["snapshots"]!.AsArray().Last()!;
        var number = sequence ?? metadata["last-sequence-number"]!.GetValue<long>() + 1;
        return $$$"""
            {"action":"add-snapshot","snapshot":{"snapshot-id":{{{snapshotId}}},"parent-snapshot-id":{{{last["snapshot-id"]}}},"sequence-number":{{{number}}},
            "timestamp-ms":{{{metadata["last-updated-ms"]!.GetValue<long>() + 10}}},"manifest-list":{{{last["manifest-list"]!.ToJsonString()}}},"summary":{"operation":"append","engine-name":"other"},"schema-id":0{{{extra}}}}}
            """;
    }

    public static string MoveMain(long snapshotId) => $$"""{"action":"set-snapshot-ref","ref-name":"main","type":"branch","snapshot-id":{{snapshotId}}}""";
}
