using Olist.Formats.Columns;

namespace Olist.Lake.Tests.Refs;

/// <summary>One snapshot to a branch that does not have it: moved to where that is all it takes, its rows added once more where it is an append, else refused.</summary>
public sealed class CherryPickTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static ValueTask<LakeSnapshot> StageAsync(TestLake lake, int number, string? wap = null) => lake.Table.CommitAsync(new TableChange
    {
        Append = [TestLake.Batch(TestLake.Order(number))], IsStaged = true, Summary = wap is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [SummaryKeys.WapId] = wap },
    }, Token);

    [Fact]
    public async Task What_was_staged_is_seen_by_nobody_until_it_is_picked()
    {
        var lake = await TestLake.CreateAsync();
        await lake.AppendAsync(TestLake.Order(1));
        var staged = await StageAsync(lake, 2, "audit-7");
        Assert.Single(await lake.ScanAsync());
        Assert.Equal(2, (await lake.ScanAsync(staged.SnapshotId)).Count);
        var head = await lake.Table.References.CherryPickAsync(staged.SnapshotId, cancellationToken: Token);
        Assert.Equal(staged.SnapshotId, head.SnapshotId); // right on top of the head: only moved
        Assert.Equal(staged.SnapshotId, lake.Table.Current!.SnapshotId);
        Assert.Equal(2, (await lake.ScanAsync()).Count);
    }

    [Fact]
    public async Task An_append_is_added_again_where_the_head_has_moved_and_only_once()
    {
        var lake = await TestLake.CreateAsync();
        var first = await lake.AppendAsync(TestLake.Order(1));
        var staged = await StageAsync(lake, 2, "audit-7");
        var twin = await StageAsync(lake, 3, "audit-7");
        var moved = await lake.AppendAsync(TestLake.Order(4));
        var head = await lake.Table.References.CherryPickAsync(staged.SnapshotId, cancellationToken: Token);
        Assert.Equal((moved.SnapshotId, "append", "audit-7", "1", "3"),
            (head.ParentId, head.Operation, head.Summary["published-wap-id"], head.Summary["added-records"], head.Summary["total-records"]));
        Assert.Equal(staged.SnapshotId.ToString(System.Globalization.CultureInfo.InvariantCulture), head.Summary["source-snapshot-id"]);
        Assert.Equal([1, 2, 4], (await TestLake.ScanAsync(await lake.ReopenAsync())).Select(row => Convert.ToInt32(row.OrderId, 16)));
        Assert.Equal(2, (await lake.Table.ReadAddedAsync(first.SnapshotId, head.SnapshotId, null, Token)).RowCount);
        async Task RefusedAsync(string message, long id) =>
            Assert.Contains(message, (await Assert.ThrowsAsync<LakeException>(async () => await lake.Table.References.CherryPickAsync(id, cancellationToken: Token))).Message, StringComparison.Ordinal);
        await RefusedAsync("has its rows already", staged.SnapshotId);
        await RefusedAsync("has wap.id audit-7 already", twin.SnapshotId);
        await RefusedAsync("has it already", first.SnapshotId);
        await RefusedAsync("there is no such snapshot", 5);
        Assert.Equal(3, (await lake.ScanAsync()).Count);
    }

    [Fact]
    public async Task A_snapshot_that_removes_rows_is_moved_to_or_refused()
    {
        var lake = await TestLake.CreateAsync();
        await lake.AppendAsync(TestLake.Order(1), TestLake.Order(2));
        await lake.Table.References.CreateBranchAsync("trial", cancellationToken: Token);
        await lake.Table.References.CreateBranchAsync("other", cancellationToken: Token);
        var removal = (await lake.Table.DeleteAsync([ColumnRange.EqualTo("order_id", TestLake.Order(1).OrderId)], new RowLevelOptions { Branch = "trial" }, Token))!;
        await lake.Table.CommitAsync(new TableChange { Append = [TestLake.Batch(TestLake.Order(3))], Branch = "other" }, Token);
        var error = await Assert.ThrowsAsync<LakeException>(async () => await lake.Table.References.CherryPickAsync(removal.SnapshotId, "other", Token));
        Assert.Contains("only an append can be brought to another state", error.Message, StringComparison.Ordinal);
        await lake.Table.References.CherryPickAsync(removal.SnapshotId, cancellationToken: Token);
        Assert.Single(await lake.ScanAsync());
        Assert.Equal(3, (await Cells.ReadAsync(lake.Table, new ScanRequest { Reference = "other" })).Length);
    }

    [Fact]
    public async Task Rows_of_an_older_schema_and_spec_are_picked_as_they_are()
    {
        var lake = await TestLake.CreateAsync();
        await lake.AppendAsync(TestLake.Order(1, "a"));
        var staged = await StageAsync(lake, 2);
        await lake.Table.EvolveAsync(e => e.RenameColumn("status", "state").AddColumn("x", DataType.Long).AddPartitionField("state", "identity"), Token);
        await Cells.AppendAsync(lake.Table, ["order_id", "x"], ["z", 1L]);
        await lake.Table.References.CherryPickAsync(staged.SnapshotId, cancellationToken: Token);
        Assert.Equal(3, (await Cells.ReadAsync(await lake.ReopenAsync())).Length);
        await new LakeMaintenance(new MaintenanceOptions { MinFiles = 2 }).CompactAsync(lake.Table, Token);
        Assert.Equal(3, (await Cells.ReadAsync(await lake.ReopenAsync())).Length);
    }
}
