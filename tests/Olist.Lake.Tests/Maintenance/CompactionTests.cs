using Olist.Storage;
using Olist.Testing.Stores;
using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests.Maintenance;

public sealed class CompactionTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static readonly LakeMaintenance Eager = new(new MaintenanceOptions { MinFiles = 2, DeletedRatio = 0 });

    static async Task<List<Row>> AddedAsync(LakeTable table, long from, long to) =>
        [.. Rows(await table.ReadAddedAsync(from, to, null, Token)).OrderBy(row => row.OrderId, StringComparer.Ordinal)];

    [Fact]
    public async Task Small_files_become_one_and_deleted_rows_are_left_behind()
    {
        var lake = await CreateAsync(Definition with { SortOrder = ["order_id"] });
        for (var i = 20; i > 0; i--) await lake.AppendAsync(Order(i, "a"));
        await UpsertAsync(lake.Table, [Order(3, "b")], deletes: [Order(4).OrderId]);
        var before = await lake.ScanAsync();
        var (from, earlier) = (lake.Table.Snapshots[4].SnapshotId, lake.Table.Current!.SnapshotId);
        var result = await Eager.CompactAsync(lake.Table, Token);
        Assert.Equal((21, 1, 1, 0), (result.DataFilesBefore, result.DataFilesAfter, result.DeleteFilesBefore, result.DeleteFilesAfter));
        Assert.Equal((21, 1, 19L, 2L), (result.FilesRewritten, result.FilesWritten, result.RowsRewritten, result.RowsRemoved));
        var snapshot = lake.Table.Current!;
        Assert.Equal(("replace", result.SnapshotId), (snapshot.Operation, snapshot.SnapshotId));
        Assert.Equal(("1", "19", "0", "0"), (snapshot.Summary["total-data-files"], snapshot.Summary["total-records"], snapshot.Summary["total-delete-files"], snapshot.Summary["total-position-deletes"]));
        Assert.Equal(before, await TestLake.ScanAsync(await lake.ReopenAsync()));
        Assert.Equal(before, await lake.ScanAsync(earlier));
        var unordered = new List<Row>();
        await foreach (var batch in lake.Table.ScanAsync(null, null, Token)) unordered.AddRange(Rows(batch));
        Assert.Equal(before, unordered);
        // To an incremental reader nothing is new, and what was new before still comes.
        Assert.Empty(await AddedAsync(lake.Table, earlier, snapshot.SnapshotId));
        Assert.Equal(await AddedAsync(lake.Table, from, earlier), await AddedAsync(lake.Table, from, snapshot.SnapshotId));
        Assert.False((await Eager.CompactAsync(lake.Table, Token)).IsNeeded);
    }

    [Fact]
    public async Task Partitions_stay_apart_and_merges_go_on_after_it()
    {
        var lake = await CreateAsync(Definition with { Partitioning = [("status", "identity")] });
        for (var i = 0; i < 12; i++) await lake.AppendAsync(Order(i, $"s{i % 3}"), Order(100 + i, null));
        var result = await Eager.CompactAsync(lake.Table, Token);
        Assert.Equal((24, 4), (result.DataFilesBefore, result.DataFilesAfter));
        var compacted = lake.Table.Current!.SnapshotId;
        var merged = await UpsertAsync(lake.Table, [Order(1, "s2"), Order(50, "s1")], [Order(2).OrderId]);
        Assert.Equal([Order(1, "s2"), Order(50, "s1")], await AddedAsync(lake.Table, compacted, merged.SnapshotId));
        Assert.Equal(24, (await lake.ScanAsync()).Count);
    }

    [Fact]
    public async Task A_dry_run_writes_nothing_and_says_what_it_would_do()
    {
        var store = new FaultyStore(new MemoryObjectStore());
        var lake = await CreateAsync(store: store);
        for (var i = 0; i < 6; i++) await lake.AppendAsync(Order(i));
        var writes = store.Writes;
        var result = await new LakeMaintenance(new MaintenanceOptions { DryRun = true }).CompactAsync(lake.Table, Token);
        Assert.Equal((true, 6, 1, null), (result.IsNeeded, result.DataFilesBefore, result.DataFilesAfter, result.SnapshotId));
        Assert.Equal(writes, store.Writes);
    }

    [Fact]
    public async Task Appends_and_merges_elsewhere_go_under_it_but_a_merge_into_its_files_makes_it_give_way()
    {
        var inner = new MemoryObjectStore();
        var lake = await CreateAsync(Definition with { Partitioning = [("status", "identity")] }, inner);
        for (var i = 0; i < 4; i++) await lake.AppendAsync(Order(i, "a"));
        await lake.AppendAsync(Order(9, "b"));
        foreach (var (row, conflicts) in ((Row, bool)[])[(Order(9, "b", 2), false), (Order(2, "a", 2), true)])
        {
            // Files of another partition are not rewritten, as there is only one of them.
            var table = await RacedAsync(lake, inner, row);
            var files = await CountAsync(inner);
            var compaction = new LakeMaintenance(new MaintenanceOptions { MinFiles = 4, CompactionTries = 1 }).CompactAsync(table, Token);
            if (!conflicts)
            {
                Assert.NotNull((await compaction).SnapshotId);
                for (var i = 4; i < 8; i++) await lake.AppendAsync(Order(i, "a"));
                continue;
            }
            await Assert.ThrowsAsync<CommitConflictException>(async () => await compaction);
            // All that is new is the merge's: data, deletes, two manifests, list, metadata.
            Assert.Equal(files + 6, await CountAsync(inner));
        }
        await lake.Table.RefreshAsync(Token);
        var retried = await new LakeMaintenance(new MaintenanceOptions { MinFiles = 4 }).CompactAsync(lake.Table, Token);
        Assert.NotNull(retried.SnapshotId);
        Assert.Equal([.. Enumerable.Range(0, 8).Select(i => Order(i, "a", i == 2 ? 2 : 1)), Order(9, "b", 2)], await lake.ScanAsync());
    }

    /// <summary>The table through a store that lets another writer merge a row just before the first commit.</summary>
    static async Task<LakeTable> RacedAsync(TestLake lake, MemoryObjectStore inner, Row row)
    {
        var raced = false;
        var racing = new FaultyStore(inner);
        var table = await lake.ReopenAsync(racing);
        racing.Before = async call =>
        {
            if (call.Verb != StoreVerb.Create || raced) return;
            raced = true;
            await lake.Table.RefreshAsync(Token);
            await UpsertAsync(lake.Table, [row]);
        };
        return table;
    }

    static async Task<int> CountAsync(MemoryObjectStore store)
    {
        var count = 0;
        await foreach (var _ in store.ListAsync("bronze/", Token)) count++;
        return count;
    }

    [Fact]
    public async Task Deletes_by_value_that_were_committed_meanwhile_hit_the_new_files_and_older_ones_do_not()
    {
        var inner = new MemoryObjectStore();
        var lake = await CreateAsync(store: inner);
        await lake.AppendAsync(Order(1, "a"), Order(2, "b"));
        await new ForeignEngine(lake).DeleteByValueAsync("status", Batch(new Row("x", "b")).Select("status"));
        await lake.Table.RefreshAsync(Token);
        await lake.AppendAsync(Order(3, "b"), Order(4, "c"));
        var raced = false;
        var racing = new FaultyStore(inner);
        var table = await lake.ReopenAsync(racing);
        racing.Before = async call =>
        {
            if (call.Verb != StoreVerb.Create || raced) return;
            raced = true;
            await new ForeignEngine(lake).DeleteByValueAsync("status", Batch(new Row("x", "c")).Select("status"));
        };
        var result = await Eager.CompactAsync(table, Token);
        Assert.True(raced);
        Assert.Equal((2, 1, 1, 0), (result.DataFilesBefore, result.DataFilesAfter, result.DeleteFilesBefore, result.DeleteFilesAfter));
        Assert.Equal([Order(1, "a"), Order(3, "b")], await TestLake.ScanAsync(await lake.ReopenAsync()));
        await Eager.CompactAsync(table, Token);
        Assert.Equal("0", table.Current!.Summary.GetValueOrDefault("total-delete-files") ?? "0");
        Assert.Equal([Order(1, "a"), Order(3, "b")], await TestLake.ScanAsync(await lake.ReopenAsync()));
    }

    [Theory]
    [InlineData(Fault.ErrorBefore), InlineData(Fault.LostAnswer), InlineData(Fault.Dead), InlineData(Fault.TornPut)]
    public async Task A_fault_at_any_write_leaves_the_same_rows(Fault fault)
    {
        for (var at = 1; ; at++)
        {
            var inner = new MemoryObjectStore();
            var lake = await CreateAsync(Definition with { Partitioning = [("status", "identity")] }, inner);
            for (var i = 0; i < 6; i++) await lake.AppendAsync(Order(i, $"s{i % 2}"));
            await UpsertAsync(lake.Table, [Order(1, "s0")]);
            var rows = await lake.ScanAsync();
            var faulty = new FaultyStore(inner);
            var table = await lake.ReopenAsync(faulty);
            var first = faulty.Writes + at;
            faulty.Faults = call => call.WriteNumber == first && !(fault == Fault.TornPut && call.Verb == StoreVerb.Create) ? fault : Fault.None;
            try
            {
                await Eager.CompactAsync(table, Token);
            }
            catch (Exception e) when (e is StoreException or LakeException)
            {
                // Whether it happened or not, the rows are the same.
            }
            var reopened = await lake.ReopenAsync(inner);
            Assert.Equal(rows, await TestLake.ScanAsync(reopened));
            await Eager.CompactAsync(reopened, Token);
            Assert.Equal("2", reopened.Current!.Summary["total-data-files"]);
            Assert.Equal(rows, await TestLake.ScanAsync(reopened));
            if (faulty.Writes < first) return;
            Assert.True(at < 50);
        }
    }

    [Fact]
    public async Task Racing_writers_lose_and_double_nothing()
    {
        var lake = await CreateAsync(Definition with { SortOrder = ["order_id"] });
        var writers = Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            var table = await lake.ReopenAsync();
            for (var i = 0; i < 12; i++)
            {
                await table.CommitAsync(new TableChange { Append = [Batch(Order(writer * 100 + i, "new"))] }, Token);
                for (var done = writer == 0 || i % 3 != 2; !done;)
                {
                    try
                    {
                        await UpsertAsync(table, [Order(writer * 100 + i - 1, "changed")]);
                        done = true;
                    }
                    catch (CommitConflictException)
                    {
                        await table.RefreshAsync(Token);
                    }
                }
            }
        }, Token)).ToArray();
        var compactor = await lake.ReopenAsync();
        var compactions = 0;
        while (!writers.All(writer => writer.IsCompleted) || compactions == 0)
        {
            try
            {
                if ((await Eager.CompactAsync(compactor, Token)).SnapshotId is not null) compactions++;
            }
            catch (CommitConflictException)
            {
                await Task.Yield();
            }
        }
        await Task.WhenAll(writers);
        await Eager.CompactAsync(compactor, Token);
        var expected = Enumerable.Range(0, 3).SelectMany(writer => Enumerable.Range(0, 12).Select(i => Order(writer * 100 + i, writer > 0 && i % 3 == 1 ? "changed" : "new")));
        var table = await lake.ReopenAsync();
        Assert.Equal(expected, await TestLake.ScanAsync(table));
        Assert.Equal("1", table.Current!.Summary["total-data-files"]);
        // And one who read on from the first snapshot has all that came after it.
        var start = table.Snapshots[0];
        Assert.Equal((await TestLake.ScanAsync(table)).Except(await TestLake.ScanAsync(table, start.SnapshotId)), await AddedAsync(table, start.SnapshotId, table.Current!.SnapshotId));
    }
}
