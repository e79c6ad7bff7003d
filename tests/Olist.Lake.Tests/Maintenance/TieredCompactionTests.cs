using System.Globalization;
using Olist.Testing.Stores;
using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests.Maintenance;

/// <summary>Compaction by size class, and expiry by number: what runs every half minute beside a busy writer.</summary>
public sealed class TieredCompactionTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static readonly LakeMaintenance Tiered = new(new MaintenanceOptions { Tiered = true, TierFiles = 4 });

    static int Files(LakeTable table, string kind = "data") => int.Parse(table.Current!.Summary[$"total-{kind}-files"], CultureInfo.InvariantCulture);

    [Fact]
    public async Task Few_files_are_left_alone_and_a_class_that_is_full_becomes_one()
    {
        var lake = await CreateAsync();
        for (var i = 0; i < 3; i++) await lake.AppendAsync(Order(i));
        Assert.False((await Tiered.CompactAsync(lake.Table, Token)).IsNeeded);
        await lake.AppendAsync(Order(3));
        var result = await Tiered.CompactAsync(lake.Table, Token);
        Assert.Equal((4, 1), (result.FilesRewritten, result.DataFilesAfter));
        Assert.Equal([.. Enumerable.Range(0, 4).Select(i => Order(i))], await lake.ScanAsync());
    }

    [Fact]
    public async Task A_larger_file_waits_for_others_of_its_class()
    {
        var lake = await CreateAsync();
        // Rows that no encoding makes small: over 64 KB.
        var random = new Random(1);
        var large = Enumerable.Range(0, 4_000).Select(i => Order(1_000_000 + i) with { Status = $"{random.NextInt64():x}{random.NextInt64():x}" }).ToArray();
        await lake.AppendAsync(large);
        for (var i = 0; i < 4; i++) await lake.AppendAsync(Order(i));
        var result = await Tiered.CompactAsync(lake.Table, Token);
        Assert.Equal((4, 2), (result.FilesRewritten, result.DataFilesAfter));
        Assert.Equal(4_004, (await lake.ScanAsync()).Count);
    }

    [Fact]
    public async Task Deleted_rows_stay_behind_and_other_deletes_wait_until_they_are_many()
    {
        var lake = await CreateAsync();
        for (var i = 0; i < 4; i++) await lake.AppendAsync(Order(i, "a"), Order(100 + i, "a"));
        await UpsertAsync(lake.Table, [], [Order(1).OrderId]);
        var result = await Tiered.CompactAsync(lake.Table, Token);
        Assert.Equal((1L, 0), (result.RowsRemoved, Files(lake.Table, "delete")));
        Assert.Equal(7, (await lake.ScanAsync()).Count);

        await UpsertAsync(lake.Table, [], [Order(2).OrderId]);
        Assert.False((await Tiered.CompactAsync(lake.Table, Token)).IsNeeded);
        var impatient = new LakeMaintenance(new MaintenanceOptions { Tiered = true, MaxSmallFiles = 0 });
        Assert.Equal(1, (await impatient.CompactAsync(lake.Table, Token)).RowsRemoved);
        Assert.Equal(0, Files(lake.Table, "delete"));
        Assert.Equal(6, (await lake.ScanAsync()).Count);
    }

    [Fact]
    public async Task A_small_table_is_put_together_as_a_whole_before_its_deletes_cost_more_than_its_rows()
    {
        var light = new LakeMaintenance(new MaintenanceOptions { Tiered = true, SmallTableBytes = 8 << 20 });
        var lake = await CreateAsync();
        // Rows that no encoding makes small: two delete files may stay.
        var random = new Random(1);
        await lake.AppendAsync([.. Enumerable.Range(0, 55_000).Select(i => Order(i) with { Status = $"{random.NextInt64():x}{random.NextInt64():x}" })]);
        Assert.InRange(long.Parse(lake.Table.Current!.Summary["total-files-size"], CultureInfo.InvariantCulture), 2 << 20, 3 << 20);
        for (var i = 0; i < 2; i++) await UpsertAsync(lake.Table, [Order(i, "b")], [Order(i).OrderId]);
        Assert.False((await light.CompactAsync(lake.Table, Token)).IsNeeded);
        await UpsertAsync(lake.Table, [Order(2, "b")], [Order(2).OrderId]);
        Assert.Equal(4, (await light.CompactAsync(lake.Table, Token)).FilesRewritten);
        Assert.Equal((1, 0), (Files(lake.Table), Files(lake.Table, "delete")));
        Assert.Equal(55_000, (await lake.ScanAsync()).Count);

        // A larger one keeps them until they are many.
        for (var i = 0; i < 4; i++) await UpsertAsync(lake.Table, [Order(i, "c")], [Order(i).OrderId]);
        Assert.False((await new LakeMaintenance(new MaintenanceOptions { Tiered = true, SmallTableBytes = 64 << 10 }).CompactAsync(lake.Table, Token)).IsNeeded);
    }

    [Fact]
    public async Task Of_the_smallest_table_one_delete_is_too_many_and_a_full_compaction_leaves_one_file()
    {
        var (light, full) = (new LakeMaintenance(new MaintenanceOptions { Tiered = true, SmallTableBytes = 1 << 20 }), new LakeMaintenance(new MaintenanceOptions { SmallTableBytes = 1 << 20 }));
        var lake = await CreateAsync();
        await lake.AppendAsync([.. Enumerable.Range(0, 20).Select(i => Order(i))]);
        await UpsertAsync(lake.Table, [Order(1, "b")], [Order(1).OrderId]);
        await light.CompactAsync(lake.Table, Token);
        Assert.Equal((1, 0), (Files(lake.Table), Files(lake.Table, "delete")));
        Assert.False((await light.CompactAsync(lake.Table, Token)).IsNeeded);
        await lake.AppendAsync(Order(20));
        Assert.False((await light.CompactAsync(lake.Table, Token)).IsNeeded);
        await full.CompactAsync(lake.Table, Token);
        Assert.Equal(1, Files(lake.Table));
        Assert.False((await full.CompactAsync(lake.Table, Token)).IsNeeded);
        Assert.Equal(21, (await lake.ScanAsync()).Count);
    }

    [Fact]
    public async Task Files_stay_few_however_long_it_goes_on_and_no_run_writes_more_than_its_class()
    {
        var lake = await CreateAsync();
        for (var i = 0; i < 200; i++)
        {
            await lake.AppendAsync(Order(i));
            Assert.InRange(Files(lake.Table), 1, 4);
            Assert.InRange((await Tiered.CompactAsync(lake.Table, Token)).BytesWritten, 0, 64 << 10);
        }
        Assert.Equal(200, (await lake.ScanAsync()).Count);
    }

    [Fact]
    public async Task More_snapshots_than_there_should_be_go_before_their_time_but_not_young_ones_and_none_that_a_reader_needs()
    {
        var clock = new SteppedClock();
        var lake = await CreateAsync(store: new MemoryObjectStore(time: clock), time: clock);
        for (var i = 0; i < 20; i++)
        {
            clock.Go(TimeSpan.FromMinutes(1));
            await lake.AppendAsync(Order(i));
        }
        var ids = lake.Table.Snapshots.Select(snapshot => snapshot.SnapshotId).ToArray();
        var options = new MaintenanceOptions { MaxSnapshots = 4, MinSnapshotAge = TimeSpan.FromMinutes(9.5), DryRun = true };
        async Task<int> LeftAsync(MaintenanceOptions with) => 20 - (await new LakeMaintenance(with).ExpireAsync(lake.Table, Token)).Removed.Count;
        Assert.Equal(20, await LeftAsync(options with { MaxSnapshots = null }));
        Assert.Equal(10, await LeftAsync(options));
        Assert.Equal(4, await LeftAsync(options with { MinSnapshotAge = TimeSpan.Zero }));
        Assert.Equal(15, await LeftAsync(options with { MinSnapshots = 15 }));
        Assert.Equal(17, await LeftAsync(options with { KeepSnapshots = new Dictionary<TableName, IReadOnlyCollection<long>> { [Name] = [ids[3]] } }));
        // Who says an age means it.
        Assert.Equal(20, await LeftAsync(options with { MaxSnapshotAge = TimeSpan.FromDays(1) }));
        Assert.Equal(10, (await new LakeMaintenance(options with { DryRun = false }).ExpireAsync(lake.Table, Token)).Removed.Count);
        Assert.Equal(20, (await lake.ScanAsync()).Count);
    }

    [Fact]
    public async Task A_table_that_says_how_long_it_keeps_its_snapshots_is_obeyed()
    {
        var clock = new SteppedClock();
        var definition = Definition with { Properties = new Dictionary<string, string> { [TableProperties.MaxSnapshotAgeMs] = "3600000" } };
        var lake = await CreateAsync(definition, new MemoryObjectStore(time: clock), time: clock);
        for (var i = 0; i < 20; i++)
        {
            clock.Go(TimeSpan.FromMinutes(1));
            await lake.AppendAsync(Order(i));
        }
        Assert.Empty((await new LakeMaintenance(new MaintenanceOptions { MaxSnapshots = 4, MinSnapshotAge = TimeSpan.Zero }).ExpireAsync(lake.Table, Token)).Removed);
    }
}
