using System.Text;
using System.Text.Json.Nodes;
using Olist.Lake.Rest;
using static Olist.Lake.Tests.Rest.TestCatalog;

namespace Olist.Lake.Tests.Rest;

/// <summary>Renaming, registering, transactions, and snapshots that strangers must leave alone.</summary>
public sealed class CatalogChangesTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_is_not_renamed_and_the_answer_says_what_to_do()
    {
        var catalog = await CreateAsync();
        var answer = await catalog.AskAsync("POST", "tables/rename", """{"source":{"namespace":["bronze"],"name":"orders"},"destination":{"namespace":["bronze"],"name":"other"}}""");
        Assert.Contains("AS SELECT", Error(answer, 406, "UnsupportedOperationException"), StringComparison.Ordinal);
        Assert.Equal(200, (await catalog.AskAsync("GET", Orders)).Status);
    }

    static string Change(string table, string property) =>
        $$"""{"identifier":{"namespace":["bronze"],"name":"{{table}}"},"requirements":[],"updates":[{"action":"set-properties","updates":{"x":"{{property}}"} }]}""";

    [Fact]
    public async Task A_transaction_over_one_table_is_a_commit_and_one_over_two_changes_nothing()
    {
        var catalog = await CreateAsync();
        await catalog.Lake.Catalog.EnsureTableAsync(TableName.Parse("bronze.second"), TestLake.Definition, Token);
        Assert.Equal(204, (await catalog.AskAsync("POST", "transactions/commit", $$"""{"table-changes":[{{Change("orders", "one")}}]}""")).Status);
        Assert.Equal("one", (await catalog.MetadataAsync())["properties"]!["x"]!.GetValue<string>());
        Assert.Contains("2 tables", Error(await catalog.AskAsync("POST", "transactions/commit", $$"""{"table-changes":[{{Change("orders", "two")}},{{Change("second", "two")}}]}"""), 501, "UnsupportedOperationException"), StringComparison.Ordinal);
        Assert.Equal("one", (await catalog.MetadataAsync())["properties"]!["x"]!.GetValue<string>());
        Assert.Null((await catalog.GetAsync("namespaces/bronze/tables/second"))["metadata"]!["properties"]!["x"]);

        Error(await catalog.AskAsync("POST", "transactions/commit", $$"""{"table-changes":[{{Change("nobody", "one")}}]}"""), 404, "NoSuchTableException");
        foreach (var body in (string[])["", "{}", """{"table-changes":[]}""", """{"table-changes":[{"requirements":[],"updates":[]}]}""", """{"table-changes":{}}"""])
            Error(await catalog.AskAsync("POST", "transactions/commit", body), 400, "BadRequestException");
    }

    static string Registration(string name, string location, string more = "") => $$"""{"name":"{{name}}","metadata-location":"{{location}}"{{more}}}""";

    /// <summary>A table whose only metadata file is named as other catalogs name theirs.</summary>
    static async Task<(TestCatalog Catalog, string Location)> WithForeignMetadataAsync()
    {
        var catalog = await CreateAsync();
        await catalog.Lake.AppendAsync(TestLake.Order(1), TestLake.Order(2));
        var document = (await catalog.GetAsync(Orders))["metadata"]!.ToJsonString();
        const string key = "bronze/orders/metadata/00003-5f8a.metadata.json";
        Assert.Equal(204, (await catalog.AskAsync("DELETE", Orders)).Status);
        await catalog.Lake.Store.PutAsync(key, Encoding.UTF8.GetBytes(document), Token);
        // Else the namespace would be gone with its only table.
        await catalog.Lake.Store.PutAsync("bronze/namespace.json", "{\"properties\":{}}"u8.ToArray(), Token);
        return (catalog, $"{catalog.Lake.Store.RootUri}/{key}");
    }

    [Fact]
    public async Task A_table_that_lies_in_its_folder_is_registered_once_and_goes_on_from_there()
    {
        var (catalog, location) = await WithForeignMetadataAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => catalog.AskAsync("POST", "namespaces/bronze/register", Registration("orders", location)), Token)));
        var body = Assert.Single(answers, answer => answer.Status == 200).Body!;
        Assert.All(answers.Where(answer => answer.Status != 200), answer => Error(answer, 409, "AlreadyExistsException"));
        Assert.EndsWith("/bronze/orders/metadata/v1.metadata.json", body["metadata-location"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(location, Assert.Single(body["metadata"]!["metadata-log"]!.AsArray())!["metadata-file"]!.GetValue<string>());

        var table = await catalog.Lake.ReopenAsync();
        await table.CommitAsync(new TableChange { Append = [TestLake.Batch(TestLake.Order(3))] }, Token);
        Assert.Equal([TestLake.Order(1), TestLake.Order(2), TestLake.Order(3)], await TestLake.ScanAsync(table));
    }

    [Fact]
    public async Task What_could_not_be_read_under_its_name_is_not_registered()
    {
        var (catalog, location) = await WithForeignMetadataAsync();
        await catalog.Lake.Store.PutAsync("bronze/orders/metadata/torn.metadata.json", "{"u8.ToArray(), Token);
        async Task RefusedAsync(int code, string body, string says, string space = "bronze") =>
            Assert.Contains(says, Error(await catalog.AskAsync("POST", $"namespaces/{space}/register", body), code), StringComparison.Ordinal);
        await RefusedAsync(400, Registration("other", location), "the table lies at");
        await RefusedAsync(400, Registration("orders", location + ".gone"), "missing");
        await RefusedAsync(400, Registration("orders", "s3://elsewhere/v1.metadata.json"), "elsewhere");
        await RefusedAsync(400, Registration("orders", location.Replace("00003-5f8a", "torn", StringComparison.Ordinal)), "torn.metadata.json");
        await RefusedAsync(400, Registration("Orders!", location), "name");
        await RefusedAsync(400, """{"name":"orders"}""", "metadata-location");
        await RefusedAsync(501, Registration("orders", location, ",\"overwrite\":true"), "overwrite");
        await RefusedAsync(404, Registration("orders", location), "nobody", "nobody");
        var list = await catalog.Lake.Store.FindAsync("bronze/orders/metadata/v1.metadata.json", Token);
        Assert.Null(list);
    }

    static string Remove(params IEnumerable<long> ids) => $$"""{"action":"remove-snapshots","snapshot-ids":[{{string.Join(',', ids)}}]}""";

    [Fact]
    public async Task Snapshots_that_readers_will_read_on_from_are_not_removed_by_strangers()
    {
        long watermark = 0;
        var catalog = await CreateAsync(options: new RestCatalogOptions
        {
            NeededSnapshots = (table, _) => new(table == TestLake.Name && watermark != 0 ? [watermark] : []),
        });
        for (var i = 0; i < 6; i++) await catalog.Lake.AppendAsync(TestLake.Order(i));
        var ids = catalog.Lake.Table.Snapshots.Select(snapshot => snapshot.SnapshotId).ToArray();

        watermark = ids[2];
        await catalog.RefusedAsync(400, "read on from there", "", Remove(ids[2]));
        await catalog.RefusedAsync(400, "read on from there", "", Remove(ids[3]));
        await catalog.RefusedAsync(400, "read on from there", "", Remove(ids[..5]));
        await catalog.CommittedAsync(Remove(ids[..2]));
        Assert.Equal(3, (await (await catalog.Lake.ReopenAsync()).ReadAddedAsync(ids[2], ids[5], null, Token)).RowCount);

        // A watermark that is gone itself still needs the snapshot right on top of it.
        watermark = ids[1];
        await catalog.RefusedAsync(400, "read on from there", "", Remove(ids[2]));
        watermark = 0;
        await catalog.CommittedAsync(Remove(ids[2..5]));
    }

    [Fact]
    public async Task What_a_table_has_taken_in_is_not_forgotten_with_a_snapshot()
    {
        var catalog = await CreateAsync();
        var table = catalog.Lake.Table;
        async Task<long> AppendAsync(int order, params (string Key, string Value)[] summary) => (await table.CommitAsync(
            new TableChange { Append = [TestLake.Batch(TestLake.Order(order))], Summary = summary.ToDictionary(pair => pair.Key, pair => pair.Value) }, Token)).SnapshotId;
        var first = await AppendAsync(1, ("olist.offsets", "1"));
        var second = await AppendAsync(2);
        await AppendAsync(3);
        await catalog.RefusedAsync(400, "olist.offsets", "", Remove(first));
        // The way back to it is walked from parent to parent.
        await catalog.RefusedAsync(400, "olist.offsets", "", Remove(second));
        await AppendAsync(4, ("olist.offsets", "4"));
        await catalog.CommittedAsync(Remove(first, second));
        var left = await catalog.Lake.ReopenAsync();
        Assert.Equal(["1", "4"], left.Snapshots.Select(snapshot => left.FindSummaryEntry("olist.offsets", snapshot.SnapshotId)));
    }

    [Theory]
    [InlineData("""{"action":"remove-properties","removals":["olist.expired-entries"]}""")]
    [InlineData("""{"action":"set-properties","updates":{"olist.expired-entries":"{}"}}""")]
    [InlineData("""{"action":"set-properties","updates":{"x":"y","olist.expired-entries":""}},{"action":"remove-properties","removals":["x"]}""")]
    public async Task What_expired_snapshots_had_taken_in_is_not_taken_away_by_strangers(string update)
    {
        var catalog = await CreateAsync();
        await catalog.RefusedAsync(400, "'olist.expired-entries' is kept by expiry: it holds the offsets and watermarks of expired snapshots", "", update);
        var table = catalog.Lake.Table;
        var first = await table.CommitAsync(new TableChange { Append = [TestLake.Batch(TestLake.Order(1))], Summary = new Dictionary<string, string> { ["olist.offsets"] = "1" } }, Token);
        await catalog.Lake.AppendAsync(TestLake.Order(2));
        await table.CommitAsync(new TableChange { Append = [TestLake.Batch(TestLake.Order(3))], Summary = new Dictionary<string, string> { ["olist.offsets"] = "3" } }, Token);
        var noted = (await catalog.CommittedAsync(Remove(first.SnapshotId)))["properties"]!["olist.expired-entries"]!;
        Assert.Contains("olist.offsets", noted.GetValue<string>(), StringComparison.Ordinal);

        await catalog.RefusedAsync(400, "'olist.expired-entries' is kept by expiry", "", update);
        await catalog.RefusedAsync(400, "'olist.expired-entries' is kept by expiry", "", $$"""{"action":"set-properties","updates":{"x":"y"} },{{update}}""");
        // A client that writes all properties back as it found them changes nothing.
        await catalog.CommittedAsync($$"""{"action":"set-properties","updates":{"x":"y","olist.expired-entries":{{noted.ToJsonString()}} } }""");
        var left = await catalog.Lake.ReopenAsync();
        Assert.Equal("y", left.Properties["x"]);
        Assert.Equal(["1", "3"], left.Snapshots.Select(snapshot => left.FindSummaryEntry("olist.offsets", snapshot.SnapshotId)));
    }

    [Fact]
    public async Task A_new_table_does_not_begin_with_what_others_had_taken_in()
    {
        var catalog = await CreateAsync();
        var answer = await catalog.AskAsync("POST", "namespaces/bronze/tables", """{"name":"copy","schema":{"type":"struct","fields":[{"id":1,"name":"id","required":true,"type":"long"}]},"properties":{"olist.expired-entries":"{}"}}""");
        Assert.Contains("'olist.expired-entries' is kept by expiry", Error(answer, 400), StringComparison.Ordinal);
    }
}
