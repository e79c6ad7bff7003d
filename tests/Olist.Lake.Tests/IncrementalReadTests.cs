using Olist.Formats.Columns;
using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests;

public sealed class IncrementalReadTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static async Task<List<Row>> AddedAsync(LakeTable table, LakeSnapshot? from, LakeSnapshot to) =>
        [.. Rows(await table.ReadAddedAsync(from?.SnapshotId, to.SnapshotId, null, Token)).OrderBy(row => row.OrderId, StringComparer.Ordinal).ThenBy(row => row.Quantity)];

    [Fact]
    public async Task The_start_is_excluded_and_the_end_included()
    {
        var lake = await CreateAsync();
        var one = await lake.AppendAsync(Order(1));
        var two = await lake.AppendAsync(Order(2));
        var three = await lake.AppendAsync(Order(3));
        Assert.Equal([Order(2), Order(3)], await AddedAsync(lake.Table, one, three));
        Assert.Equal([Order(2)], await AddedAsync(lake.Table, one, two));
        Assert.Empty(await AddedAsync(lake.Table, three, three));
        Assert.Equal([Order(1), Order(2), Order(3)], await AddedAsync(lake.Table, null, three));
        Assert.Equal([Order(1), Order(2)], await AddedAsync(lake.Table, null, two));
        var names = (await lake.Table.ReadAddedAsync(one.SnapshotId, three.SnapshotId, ["price", "order_id"], Token)).Schema.Select(column => column.Name);
        Assert.Equal(["price", "order_id"], names);
    }

    [Fact]
    public async Task A_key_that_was_merged_twice_comes_once_as_it_is_at_the_end()
    {
        var lake = await CreateAsync();
        var start = await lake.AppendAsync(Order(1, "a"), Order(2, "a"), Order(3, "a"));
        await UpsertAsync(lake.Table, [Order(1, "b"), Order(2, "b"), Order(4, "b")]);
        var middle = lake.Table.Current!;
        var end = await UpsertAsync(lake.Table, [Order(1, "c"), Order(5, "c")], deletes: [Order(4).OrderId]);
        Assert.Equal([Order(1, "c"), Order(2, "b"), Order(5, "c")], await AddedAsync(lake.Table, start, end));
        Assert.Equal([Order(1, "b"), Order(2, "b"), Order(4, "b")], await AddedAsync(lake.Table, start, middle));
        Assert.Equal([Order(1, "c"), Order(5, "c")], await AddedAsync(lake.Table, middle, end));
    }

    [Fact]
    public async Task Merged_manifests_still_tell_who_added_each_file()
    {
        var lake = await CreateAsync(Definition with { Properties = new Dictionary<string, string> { [TableProperties.ManifestsToMerge] = "3" } });
        var snapshots = new List<LakeSnapshot>();
        for (var i = 0; i < 40; i++) snapshots.Add(await lake.AppendAsync(Order(i)));
        Assert.Equal(40, (await lake.ScanAsync()).Count);
        foreach (var (from, to) in ((int, int)[])[(0, 39), (5, 6), (17, 30), (38, 39)])
            Assert.Equal(Enumerable.Range(from + 1, to - from).Select(i => Order(i)), await AddedAsync(lake.Table, snapshots[from], snapshots[to]));
    }

    [Fact]
    public async Task An_unknown_end_a_start_of_another_table_and_an_end_before_the_start_are_told_apart()
    {
        var lake = await CreateAsync();
        var one = await lake.AppendAsync(Order(1));
        var two = await lake.AppendAsync(Order(2));
        Assert.Equal(IncrementalReadFailure.UnknownEnd, (await Assert.ThrowsAsync<IncrementalReadException>(async () => await lake.Table.ReadAddedAsync(one.SnapshotId, 5, null, Token))).Failure);
        Assert.Equal(IncrementalReadFailure.Expired, (await Assert.ThrowsAsync<IncrementalReadException>(async () => await lake.Table.ReadAddedAsync(5, two.SnapshotId, null, Token))).Failure);
        var backwards = await Assert.ThrowsAsync<IncrementalReadException>(async () => await lake.Table.ReadAddedAsync(two.SnapshotId, one.SnapshotId, null, Token));
        Assert.Equal((IncrementalReadFailure.RolledBack, one.SnapshotId), (backwards.Failure, backwards.SnapshotId));
        Assert.Contains("bronze.orders", backwards.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_someone_else_rewrote_are_an_error_that_names_the_snapshot()
    {
        var lake = await CreateAsync();
        var one = await lake.AppendAsync(Order(1));
        var two = await UpsertAsync(lake.Table, [Order(1, "x")]);
        await MetadataEditor.EditAsync(lake, json => json.Replace("olist.merge", "other.merge", StringComparison.Ordinal));
        var table = await lake.ReopenAsync();
        var error = await Assert.ThrowsAsync<IncrementalReadException>(async () => await table.ReadAddedAsync(one.SnapshotId, two.SnapshotId, null, Token));
        Assert.Equal((IncrementalReadFailure.RowsRewritten, two.SnapshotId), (error.Failure, error.SnapshotId));
        Assert.Single(await AddedAsync(table, null, two));
    }

    [Fact]
    public async Task An_expired_start_is_fine_while_its_child_is_left_and_an_error_after()
    {
        var lake = await CreateAsync();
        var one = await lake.AppendAsync(Order(1));
        var two = await lake.AppendAsync(Order(2));
        var three = await lake.AppendAsync(Order(3));
        await MetadataEditor.ExpireAsync(lake, one.SnapshotId);
        var table = await lake.ReopenAsync();
        Assert.Equal([Order(2), Order(3)], await AddedAsync(table, one, three));
        await MetadataEditor.ExpireAsync(lake, two.SnapshotId);
        table = await lake.ReopenAsync();
        Assert.Equal(IncrementalReadFailure.Expired, (await Assert.ThrowsAsync<IncrementalReadException>(async () => await table.ReadAddedAsync(one.SnapshotId, three.SnapshotId, null, Token))).Failure);
        Assert.Equal([Order(3)], await AddedAsync(table, two, three));
        Assert.Equal(3, (await TestLake.ScanAsync(table)).Count);
    }

    [Fact]
    public async Task A_start_that_a_tag_keeps_while_what_came_after_it_expired_is_expired_and_not_rolled_back()
    {
        var lake = await CreateAsync();
        await lake.AppendAsync(Order(1));
        var start = lake.Table.Current!.SnapshotId;
        await lake.Table.References.CreateTagAsync("start", start, cancellationToken: Token);
        for (var i = 2; i < 5; i++) await lake.AppendAsync(Order(i));
        // Snapshots of one table are a millisecond apart at least, so they may be ahead of the clock.
        while (lake.Table.Current!.Timestamp >= DateTimeOffset.UtcNow.AddMilliseconds(-1)) await Task.Delay(1, Token);
        await new LakeMaintenance(new MaintenanceOptions { MaxSnapshotAge = TimeSpan.Zero }).ExpireAsync(lake.Table, Token);
        Assert.NotNull(lake.Table.FindSnapshot(start));
        var error = await Assert.ThrowsAsync<IncrementalReadException>(async () => await lake.Table.ReadAddedAsync(start, lake.Table.Current!.SnapshotId, null, Token));
        Assert.Equal(IncrementalReadFailure.Expired, error.Failure);
    }
}
