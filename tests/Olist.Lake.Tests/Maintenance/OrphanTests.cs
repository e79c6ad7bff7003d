using Olist.Storage;
using Olist.Testing.Stores;
using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests.Maintenance;

public sealed class OrphanTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Old_files_that_nothing_refers_to_go_and_young_or_foreign_ones_stay()
    {
        var clock = new SteppedClock();
        var store = new MemoryObjectStore(time: clock);
        var lake = await CreateAsync(Definition with { Properties = new Dictionary<string, string> { [TableProperties.PreviousVersionsMax] = "2", [TableProperties.DeleteAfterCommit] = "false" } }, store, time: clock);
        for (var i = 0; i < 4; i++) await lake.AppendAsync(Order(i));
        string[] loose = ["data/lost.parquet", "data/status=a/lost.parquet", "metadata/lost-m0.avro", "metadata/snap-1-0-lost.avro"];
        string[] others = ["metadata/00001-x.metadata.json", "metadata/v99.metadata.json.tmp", "notes.txt"];
        foreach (var name in loose.Concat(others)) await store.PutAsync($"bronze/orders/{name}", "x"u8.ToArray(), Token);
        clock.Go(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(1));
        await store.PutAsync("bronze/orders/data/young.parquet", "x"u8.ToArray(), Token);
        var young = await new LakeMaintenance(new MaintenanceOptions()).RemoveOrphansAsync(lake.Table, Token);
        Assert.Empty(young.Orphans);
        // Two old versions are off the log: v1 and v2 of five.
        Assert.Equal(loose.Length + 3, young.FilesTooYoung);
        clock.Go(TimeSpan.FromMinutes(2));
        var dry = await new LakeMaintenance(new MaintenanceOptions { DryRun = true }).RemoveOrphansAsync(lake.Table, Token);
        string[] expected = [.. loose, "metadata/v1.metadata.json", "metadata/v2.metadata.json"];
        Assert.Equal(expected.Order(StringComparer.Ordinal).Select(name => $"bronze/orders/{name}"), dry.Orphans.Select(info => info.Key));
        Assert.NotNull(await store.FindAsync("bronze/orders/data/lost.parquet", Token));
        var result = await new LakeMaintenance(new MaintenanceOptions()).RemoveOrphansAsync(lake.Table, Token);
        Assert.Equal(dry.Orphans, result.Orphans);
        foreach (var name in expected) Assert.Null(await store.FindAsync($"bronze/orders/{name}", Token));
        foreach (var name in others.Append("data/young.parquet").Append("metadata/version-hint.text")) Assert.NotNull(await store.FindAsync($"bronze/orders/{name}", Token));
        Assert.Equal(4, (await TestLake.ScanAsync(await lake.Catalog.GetTableAsync(Name, Token))).Count);
    }

    [Fact]
    public async Task What_is_committed_while_the_folder_is_listed_stays()
    {
        var clock = new SteppedClock();
        var inner = new MemoryObjectStore(time: clock);
        var lake = await CreateAsync(store: inner, time: clock);
        await lake.AppendAsync(Order(1));
        var slow = new FaultyStore(inner);
        var table = await (await LakeCatalog.OpenExistingAsync(slow, clock, cancellationToken: Token)).GetTableAsync(Name, Token);
        slow.Before = async call =>
        {
            if (call.Verb != StoreVerb.List) return;
            await lake.AppendAsync(Order(2));
            clock.Go(TimeSpan.FromMinutes(1));
        };
        var result = await new LakeMaintenance(new MaintenanceOptions { OrphanAge = TimeSpan.Zero }).RemoveOrphansAsync(table, Token);
        Assert.Empty(result.Orphans);
        Assert.Equal([Order(1), Order(2)], await lake.ScanAsync());
    }

    [Fact]
    public async Task All_tables_are_done_and_one_that_can_not_be_is_named()
    {
        var lake = await CreateAsync();
        await lake.Catalog.EnsureTableAsync(new TableName("bronze", "broken"), Definition, Token);
        await lake.Store.PutAsync("bronze/broken/metadata/v1.metadata.json", "{"u8.ToArray(), Token);
        for (var i = 0; i < 6; i++) await lake.AppendAsync(Order(i));
        var results = await new LakeMaintenance(new MaintenanceOptions()).RunAsync(lake.Catalog, Token);
        Assert.Equal(["bronze.broken", "bronze.orders"], results.Select(result => result.Table.ToString()));
        Assert.Contains("broken", results[0].Problem, StringComparison.Ordinal);
        Assert.Equal((null, 6, 1), (results[1].Problem, results[1].Compaction!.DataFilesBefore, results[1].Compaction!.DataFilesAfter));
        Assert.NotNull(results[1].Expiry);
        Assert.NotNull(results[1].Orphans);
    }
}
