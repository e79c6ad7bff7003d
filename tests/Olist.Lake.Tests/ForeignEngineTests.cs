using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests;

/// <summary>Beside engines that compact and that delete by value.</summary>
public sealed class ForeignEngineTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static async Task<List<Row>> AddedAsync(LakeTable table, long from, long to) =>
        [.. Rows(await table.ReadAddedAsync(from, to, null, Token)).OrderBy(row => row.OrderId, StringComparer.Ordinal)];

    [Fact]
    public async Task Deletes_by_value_hit_older_rows_only_and_null_equals_null()
    {
        var lake = await CreateAsync();
        await lake.AppendAsync(Order(1, "a"), Order(2, "b"), Order(3, null));
        var keys = Batch(new Row("x", "b"), new Row("x", null)).Select("status");
        await new ForeignEngine(lake).DeleteByValueAsync("status", keys, Batch(Order(4, "b")));
        var table = await lake.ReopenAsync();
        Assert.Equal([Order(1, "a"), Order(4, "b")], await TestLake.ScanAsync(table));
        Assert.Empty(Rows((await table.LookupAsync(null, Keys(Order(2).OrderId), null, Token)).Rows));
        var quantities = new List<long>();
        await foreach (var batch in table.ScanAsync(null, ["quantity"], Token))
        {
            Assert.Single(batch.Schema);
            quantities.AddRange(batch.Longs("quantity").Span.ToArray());
        }
        Assert.Equal([1, 1], quantities);
        await table.CommitAsync(new Olist.Lake.TableChange { Append = [Batch(Order(2, "b"))] }, Token);
        Assert.Equal([Order(1, "a"), Order(2, "b"), Order(4, "b")], await TestLake.ScanAsync(table));
    }

    [Fact]
    public async Task Compaction_adds_nothing_and_rows_that_it_moved_still_come_once()
    {
        var lake = await CreateAsync();
        var start = await lake.AppendAsync(Order(1, "a"), Order(2, "a"), Order(3, "a"));
        var appended = await lake.AppendAsync(Order(4, "a"), Order(5, "a"));
        var compacted = await new ForeignEngine(lake).CompactAsync();
        var table = await lake.ReopenAsync();
        Assert.Equal(5, (await TestLake.ScanAsync(table)).Count);
        // The file that held 4 and 5 is gone from the head.
        Assert.Equal([Order(4, "a"), Order(5, "a")], await AddedAsync(table, start.SnapshotId, compacted));
        Assert.Empty(await AddedAsync(table, appended.SnapshotId, compacted));
        // A merge on top of the compaction: 4 is changed, 5 removed, 1 changed, 6 new.
        var merged = await UpsertAsync(table, [Order(1, "b"), Order(4, "b"), Order(6, "b")], deletes: [Order(5).OrderId]);
        Assert.Equal([Order(1, "b"), Order(4, "b"), Order(6, "b")], await AddedAsync(table, start.SnapshotId, merged.SnapshotId));
        Assert.Equal([Order(1, "b"), Order(4, "b"), Order(6, "b")], await AddedAsync(table, compacted, merged.SnapshotId));
    }

    [Fact]
    public async Task Rows_merged_before_a_compaction_come_in_their_last_state()
    {
        var lake = await CreateAsync();
        var start = await lake.AppendAsync(Order(1, "a"), Order(2, "a"), Order(3, "a"));
        await UpsertAsync(lake.Table, [Order(1, "b"), Order(2, "b"), Order(7, "b")]);
        await UpsertAsync(lake.Table, [Order(1, "c")], deletes: [Order(7).OrderId]);
        var compacted = await new ForeignEngine(lake).CompactAsync();
        var table = await lake.ReopenAsync();
        Assert.Equal([Order(1, "c"), Order(2, "b")], await AddedAsync(table, start.SnapshotId, compacted));
        var end = await UpsertAsync(table, [Order(2, "d")]);
        Assert.Equal([Order(1, "c"), Order(2, "d")], await AddedAsync(table, start.SnapshotId, end.SnapshotId));
    }

    [Fact]
    public async Task Files_that_are_gone_for_good_are_an_error_with_a_way_out()
    {
        var lake = await CreateAsync();
        var start = await lake.AppendAsync(Order(1, "a"));
        await lake.AppendAsync(Order(2, "a"));
        var keys = new List<string>();
        await foreach (var info in lake.Store.ListAsync("bronze/orders/data/", Token)) keys.Add(info.Key);
        var compacted = await new ForeignEngine(lake).CompactAsync();
        foreach (var key in keys) await lake.Store.DeleteAsync(key, Token);
        var table = await lake.ReopenAsync();
        var error = await Assert.ThrowsAsync<IncrementalReadException>(async () => await table.ReadAddedAsync(start.SnapshotId, compacted, null, Token));
        Assert.Equal(IncrementalReadFailure.FilesGone, error.Failure);
        Assert.Equal(2, (await TestLake.ScanAsync(table)).Count);
    }

    [Fact]
    public async Task A_merge_computed_before_a_compaction_conflicts_when_its_files_are_gone()
    {
        var lake = await CreateAsync();
        await lake.AppendAsync(Order(1, "a"), Order(2, "a"));
        var table = await lake.ReopenAsync();
        var at = table.Current!.SnapshotId;
        var (_, positions) = await table.LookupAsync(at, Keys(Order(1).OrderId), [], Token);
        await new ForeignEngine(lake).CompactAsync();
        await Assert.ThrowsAsync<CommitConflictException>(async () => await table.CommitAsync(new TableChange { Append = [Batch(Order(1, "b"))], Delete = positions, BaseSnapshotId = at }, Token));
        await table.RefreshAsync(Token);
        await UpsertAsync(table, [Order(1, "b")]);
        Assert.Equal([Order(1, "b"), Order(2, "a")], await TestLake.ScanAsync(table));
    }

    [Fact]
    public async Task Deletes_by_value_stop_an_incremental_reader()
    {
        var lake = await CreateAsync();
        var start = await lake.AppendAsync(Order(1, "a"));
        var end = await new ForeignEngine(lake).DeleteByValueAsync("status", Batch(new Row("x", "a")).Select("status"));
        var error = await Assert.ThrowsAsync<IncrementalReadException>(async () => await (await lake.ReopenAsync()).ReadAddedAsync(start.SnapshotId, end, null, Token));
        Assert.Equal((IncrementalReadFailure.RowsRewritten, end), (error.Failure, error.SnapshotId));
    }
}
