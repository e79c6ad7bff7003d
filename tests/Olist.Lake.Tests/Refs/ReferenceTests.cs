using Olist.Formats.Columns;
using Olist.Testing.Stores;

namespace Olist.Lake.Tests.Refs;

/// <summary>Branches and tags: named states that are read, committed to, moved, and that expiry leaves alone.</summary>
public sealed class ReferenceTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static async Task<(TestLake Lake, long First, long Second)> WithRowsAsync(TimeProvider? time = null)
    {
        var lake = await TestLake.CreateAsync(time: time);
        var first = await lake.AppendAsync(TestLake.Order(1));
        var second = await lake.AppendAsync(TestLake.Order(2));
        return (lake, first.SnapshotId, second.SnapshotId);
    }

    static async Task<int> CountAsync(LakeTable table, string reference) => (await Cells.ReadAsync(table, new ScanRequest { Reference = reference })).Length;

    [Fact]
    public async Task Tags_stay_and_branches_take_commits()
    {
        var (lake, first, second) = await WithRowsAsync();
        var references = lake.Table.References;
        await references.CreateTagAsync("before", first, new ReferenceRetention { MaxReferenceAge = TimeSpan.FromDays(30) }, Token);
        await references.CreateBranchAsync("trial", cancellationToken: Token);
        await lake.Table.CommitAsync(new TableChange { Append = [TestLake.Batch(TestLake.Order(3))], Branch = "trial" }, Token);
        await lake.Table.DeleteAsync([ColumnRange.EqualTo("order_id", TestLake.Order(1).OrderId)], new RowLevelOptions { Branch = "trial" }, Token);
        await Cells.MergeAsync(lake.Table, ["order_id", "status"], [[TestLake.Order(2).OrderId, "merged"]], branch: "trial", mode: RowLevelMode.CopyOnWrite);
        Assert.Equal(second, lake.Table.Current!.SnapshotId);
        Assert.Equal((1, 2, 2, 2), (await CountAsync(lake.Table, "before"), await CountAsync(lake.Table, "main"), await CountAsync(lake.Table, "trial"), (await lake.ScanAsync()).Count));
        var other = await lake.ReopenAsync();
        Assert.Equal(["before", "main", "trial"], other.References.List().Select(reference => reference.Name));
        Assert.Equal((ReferenceKind.Tag, first, TimeSpan.FromDays(30)), (other.References.Find("before")!.Kind, other.References.Find("before")!.SnapshotId, other.References.Find("before")!.Retention.MaxReferenceAge));
        await other.References.FastForwardAsync("main", "trial", Token);
        Assert.Equal(2, (await TestLake.ScanAsync(other)).Count);
        Assert.Equal("merged", (await TestLake.ScanAsync(other))[0].Status);
        Assert.Equal(other.SnapshotOf("trial").SnapshotId, other.SnapshotAsOf(DateTimeOffset.MaxValue).SnapshotId);
        Assert.Equal(2, (await other.ReadAddedAsync(first, other.Current!.SnapshotId, null, Token)).RowCount);
        await other.References.DropAsync("trial", Token);
        await other.References.DropAsync("before", Token);
        Assert.Equal(["main"], other.References.List().Select(reference => reference.Name));
    }

    [Fact]
    public async Task A_branch_is_read_in_the_current_schema_and_a_tag_in_its_own()
    {
        var (lake, first, _) = await WithRowsAsync();
        await lake.Table.References.CreateTagAsync("before", first, cancellationToken: Token);
        await lake.Table.References.CreateBranchAsync("trial", first, cancellationToken: Token);
        await lake.Table.EvolveAsync(e => e.RenameColumn("status", "state").AddColumn("x", DataType.Long), Token);
        Assert.Contains(" status=", (await Cells.ReadAsync(lake.Table, new ScanRequest { Reference = "before" }))[0], StringComparison.Ordinal);
        Assert.EndsWith(" x=-", (await Cells.ReadAsync(lake.Table, new ScanRequest { Reference = "trial" }))[0], StringComparison.Ordinal);
        await Cells.MergeAsync(lake.Table, ["order_id", "x"], [[TestLake.Order(1).OrderId, 5L]], branch: "trial");
        Assert.EndsWith(" x=5", (await Cells.ReadAsync(lake.Table, new ScanRequest { Reference = "trial" }))[0], StringComparison.Ordinal);
        Assert.Equal(2, (await Cells.ReadAsync(lake.Table)).Length);
    }

    [Fact]
    public async Task What_can_not_be_done_is_said_and_changes_nothing()
    {
        var (lake, first, second) = await WithRowsAsync();
        var references = lake.Table.References;
        await references.CreateTagAsync("v1", first, cancellationToken: Token);
        await references.CreateBranchAsync("old", first, cancellationToken: Token);
        await lake.Table.CommitAsync(new TableChange { Append = [TestLake.Batch(TestLake.Order(3))], Branch = "old" }, Token);
        var version = lake.Table.MetadataVersion;
        async Task FailsAsync(string message, Func<ValueTask> act) => Assert.Contains(message, (await Assert.ThrowsAnyAsync<LakeException>(async () => await act())).Message, StringComparison.Ordinal);
        await FailsAsync("there is a tag v1 already", () => references.CreateBranchAsync("v1", cancellationToken: Token));
        await FailsAsync("main is the branch that every table has", () => references.CreateTagAsync("main", cancellationToken: Token));
        await FailsAsync("there is no snapshot 5", () => references.CreateTagAsync("x", 5, cancellationToken: Token));
        await FailsAsync("there is no branch or tag x; it has main, v1, old", () => references.DropAsync("x", Token));
        await FailsAsync("main can't be dropped", () => references.DropAsync("main", Token));
        await FailsAsync("v1 is a tag, which does not move forward", () => references.FastForwardAsync("v1", "main", Token));
        await FailsAsync("commits would be lost", () => references.FastForwardAsync("old", "main", Token));
        await FailsAsync("how many and how old snapshots may be is for branches", () => references.CreateTagAsync("x", first, new ReferenceRetention { MinSnapshotsToKeep = 3 }, Token));
        await FailsAsync("is not positive", () => references.SetRetentionAsync("old", new ReferenceRetention { MaxSnapshotAge = TimeSpan.Zero }, Token));
        await FailsAsync("it can't have a highest age", () => references.SetRetentionAsync("main", new ReferenceRetention { MaxReferenceAge = TimeSpan.FromDays(1) }, Token));
        await FailsAsync("has no branch v1; it has main, old", async () => await lake.Table.CommitAsync(new TableChange { Branch = "v1" }, Token));
        await FailsAsync("has no branch or tag nowhere", async () => await lake.Table.DeleteAsync([], new RowLevelOptions { Branch = "nowhere" }, Token));
        await FailsAsync("has no branch or tag nowhere", async () => await CountAsync(lake.Table, "nowhere"));
        Assert.Equal(version, (await lake.ReopenAsync()).MetadataVersion);
        await references.FastForwardAsync("main", "main", Token);
        await references.ReplaceAsync("v1", first, Token);
        Assert.Equal(version, lake.Table.MetadataVersion); // nothing to do
        await references.ReplaceAsync("v1", second, Token);
        await references.ReplaceAsync("main", first, Token);
        Assert.Equal((2, 1), (await CountAsync(lake.Table, "v1"), (await lake.ScanAsync()).Count));
        var empty = await TestLake.CreateAsync();
        await FailsAsync("it has no snapshot yet", () => empty.Table.References.CreateTagAsync("v1", cancellationToken: Token));
    }

    [Fact]
    public async Task Writers_of_two_branches_race_and_both_histories_are_whole()
    {
        var (lake, _, _) = await WithRowsAsync();
        await lake.Table.References.CreateBranchAsync("trial", cancellationToken: Token);
        var other = await lake.ReopenAsync();
        async Task WriteAsync(LakeTable table, string branch, int from)
        {
            for (var i = 0; i < 10; i++) await table.CommitAsync(new TableChange { Append = [TestLake.Batch(TestLake.Order(from + i))], Branch = branch }, Token);
        }
        await Task.WhenAll(WriteAsync(lake.Table, "main", 100), WriteAsync(other, "trial", 200));
        var table = await lake.ReopenAsync();
        Assert.Equal((12, 12), (await CountAsync(table, "main"), await CountAsync(table, "trial")));
    }

    [Fact]
    public async Task Expiry_keeps_what_references_need_and_drops_references_of_old()
    {
        var time = new SteppedTime();
        var (lake, first, second) = await WithRowsAsync(time);
        var references = lake.Table.References;
        await references.CreateTagAsync("kept", first, cancellationToken: Token);
        await references.CreateTagAsync("fleeting", second, new ReferenceRetention { MaxReferenceAge = TimeSpan.FromDays(1) }, Token);
        await references.CreateBranchAsync("trial", second, new ReferenceRetention { MinSnapshotsToKeep = 1 }, Token);
        await lake.Table.CommitAsync(new TableChange { Append = [TestLake.Batch(TestLake.Order(3))], Branch = "trial" }, Token);
        await lake.AppendAsync(TestLake.Order(4));
        time.Now += TimeSpan.FromDays(10);
        await lake.AppendAsync(TestLake.Order(5));
        var result = await new LakeMaintenance(new MaintenanceOptions()).ExpireAsync(lake.Table, Token);
        Assert.Equal(["fleeting"], result.RemovedRefs);
        Assert.DoesNotContain(first, result.Removed);
        Assert.Contains(second, result.Removed);
        Assert.Equal((1, 3, 4), (await CountAsync(lake.Table, "kept"), await CountAsync(lake.Table, "trial"), await CountAsync(lake.Table, "main")));
    }

    sealed class SteppedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2018, 1, 1, 0, 0, 0, TimeSpan.Zero);
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
