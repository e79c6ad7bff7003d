using Olist.Formats.Columns;
using Olist.Storage;
using Olist.Testing.Stores;

namespace Olist.Lake.Tests;

public sealed class LakeCatalogTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static ValueTask<LakeCatalog> OpenAsync(IObjectStore store) => LakeCatalog.OpenAsync(store, TimeProvider.System, Token);

    [Fact]
    public async Task A_folder_that_holds_something_else_is_refused_and_left_alone()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "thesis.doc"), "years of work", Token);
        var error = await Assert.ThrowsAsync<LakeException>(async () => await OpenAsync(new LocalObjectStore(folder.Path)));
        Assert.Contains("thesis.doc", error.Message, StringComparison.Ordinal);
        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
        Assert.Equal(["thesis.doc"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_lake_that_must_exist_is_not_made()
    {
        using var folder = new TemporaryFolder();
        var store = new LocalObjectStore(Path.Combine(folder.Path, "none"));
        Assert.Contains("no lake", (await Assert.ThrowsAsync<LakeException>(async () => await LakeCatalog.OpenExistingAsync(store, TimeProvider.System, cancellationToken: Token))).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(store.Folder));
        await OpenAsync(store);
        await LakeCatalog.OpenExistingAsync(store, TimeProvider.System, cancellationToken: Token);
    }

    [Fact]
    public async Task A_marker_of_another_version_or_kind_is_refused()
    {
        foreach (var text in (string[])["{\"format\":\"olist-lake\",\"version\":2}", "hello"])
        {
            var store = new MemoryObjectStore();
            await store.PutAsync("olist-lake.json", System.Text.Encoding.UTF8.GetBytes(text), Token);
            Assert.Contains("olist-lake.json", (await Assert.ThrowsAsync<LakeException>(async () => await OpenAsync(store))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_lake_is_made_though_the_answer_is_lost()
    {
        var store = new FaultyStore(new MemoryObjectStore()) { Faults = call => call.Verb == StoreVerb.Create ? Fault.LostAnswer : Fault.None };
        await OpenAsync(store);
        store.Faults = _ => Fault.None;
        await LakeCatalog.OpenExistingAsync(store, TimeProvider.System, cancellationToken: Token);
    }

    [Fact]
    public async Task Racing_creators_agree_on_one_table()
    {
        var store = new MemoryObjectStore();
        var tables = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await (await OpenAsync(store)).EnsureTableAsync(TestLake.Name, TestLake.Definition, Token), Token)));
        Assert.Single(tables.Select(table => table.Uuid).Distinct());
    }

    [Fact]
    public async Task Tables_are_listed_by_name_and_what_is_no_table_is_not()
    {
        var catalog = await OpenAsync(new MemoryObjectStore());
        foreach (var name in (string[])["silver.b", "bronze.z", "bronze.a"]) await catalog.EnsureTableAsync(TableName.Parse(name), TestLake.Definition, Token);
        await catalog.Store.PutAsync("bronze/empty/data/x.parquet", new byte[1], Token);
        await catalog.Store.PutAsync("Other Things/x/metadata/v1.metadata.json", new byte[1], Token);
        Assert.Equal(["bronze.a", "bronze.z", "silver.b"], (await catalog.ListTablesAsync(Token)).Select(name => name.ToString()));
        Assert.Null(await catalog.FindTableAsync(TableName.Parse("bronze.nobody"), Token));
        Assert.Contains("bronze.a", (await Assert.ThrowsAsync<NotATableException>(async () => await catalog.GetTableAsync(TableName.Parse("bronze.nobody"), Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_of_a_catalog_with_pointers_is_no_table_here()
    {
        var catalog = await OpenAsync(new MemoryObjectStore());
        await catalog.Store.PutAsync("bronze/orders/metadata/00001-9b1ad3b6-3bd5-4c3c-9a4f-0c9d3ef1f0a1.metadata.json", new byte[1], Token);
        Assert.Contains("00001-", (await Assert.ThrowsAsync<NotATableException>(async () => await catalog.FindTableAsync(TestLake.Name, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_definition_that_contradicts_itself_or_the_table_is_refused_by_name()
    {
        var catalog = await OpenAsync(new MemoryObjectStore());
        async Task<string> ErrorAsync(TableDefinition definition) => (await Assert.ThrowsAnyAsync<LakeException>(async () => await catalog.EnsureTableAsync(TestLake.Name, definition, Token))).Message;
        Assert.Contains("status is optional", await ErrorAsync(TestLake.Definition with { Key = ["status"] }), StringComparison.Ordinal);
        Assert.Contains("nobody", await ErrorAsync(TestLake.Definition with { SortOrder = ["nobody"] }), StringComparison.Ordinal);
        Assert.Contains("weekly", await ErrorAsync(TestLake.Definition with { Partitioning = [("at", "weekly")] }), StringComparison.Ordinal);
        Assert.Contains("hour", await ErrorAsync(TestLake.Definition with { Partitioning = [("status", "hour")] }), StringComparison.Ordinal);
        Assert.Contains("field id 1", await ErrorAsync(new TableDefinition([new(1, "a", DataType.Int), new(1, "b", DataType.Int)])), StringComparison.Ordinal);
        await catalog.EnsureTableAsync(TestLake.Name, TestLake.Definition, Token);
        Assert.Contains("price as decimal(10, 2)", await ErrorAsync(new TableDefinition([new(1, "price", DataType.Double)])), StringComparison.Ordinal);
        Assert.Contains("colour", await ErrorAsync(new TableDefinition([new(1, "colour", DataType.String)])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lake_that_was_moved_as_a_whole_still_opens()
    {
        using var folder = new TemporaryFolder();
        var (old, moved) = (Path.Combine(folder.Path, "old place"), Path.Combine(folder.Path, "new place"));
        var lake = await TestLake.CreateAsync(store: new LocalObjectStore(old, Durability.Process));
        await lake.AppendAsync(TestLake.Order(1, "a"), TestLake.Order(2, "a"));
        await TestLake.UpsertAsync(lake.Table, [TestLake.Order(2, "b")]);
        Directory.Move(old, moved);
        var table = await lake.ReopenAsync(new LocalObjectStore(moved, Durability.Process));
        await TestLake.UpsertAsync(table, [TestLake.Order(1, "c")]);
        Assert.Equal([TestLake.Order(1, "c"), TestLake.Order(2, "b")], await TestLake.ScanAsync(await lake.ReopenAsync(new LocalObjectStore(moved, Durability.Process))));
        Assert.False(Directory.Exists(old));
    }

    [Theory]
    [InlineData("orders"), InlineData("Bronze.orders"), InlineData("bronze."), InlineData("a.b.c"), InlineData("bronze.1a"), InlineData("../x.y")]
    public void A_name_that_is_none_is_refused(string text) => Assert.Throws<ArgumentException>(() => TableName.Parse(text));
}
