using Olist.Storage;
using Olist.Testing.Stores;
using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests;

public sealed class CommitTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Appends_of_racing_writers_all_arrive_once_and_the_history_is_linear()
    {
        using var folder = new TemporaryFolder();
        var lake = await CreateAsync(store: new LocalObjectStore(folder.Path, Durability.Process));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            // Every other writer shares an instance with nobody, like another process.
            var table = writer % 2 == 0 ? lake.Table : await lake.ReopenAsync(new LocalObjectStore(folder.Path, Durability.Process));
            for (var i = 0; i < 10; i++) await table.CommitAsync(new TableChange { Append = [Batch(Order(writer * 100 + i))] }, Token);
        }, Token)));
        var table = await lake.ReopenAsync();
        Assert.Equal(Enumerable.Range(0, 8).SelectMany(writer => Enumerable.Range(0, 10).Select(i => Order(writer * 100 + i))), await TestLake.ScanAsync(table));
        Assert.Equal(80, table.Snapshots.Count);
        for (var i = 1; i < 80; i++)
        {
            Assert.Equal(table.Snapshots[i - 1].SnapshotId, table.Snapshots[i].ParentId);
            Assert.Equal(table.Snapshots[i - 1].SequenceNumber + 1, table.Snapshots[i].SequenceNumber);
        }
        await Tables.DumpTablesAttribute.WriteNowAsync(lake);
    }

    [Fact]
    public async Task Racing_merges_that_are_computed_again_on_a_conflict_lose_nothing()
    {
        var lake = await CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            var table = await lake.ReopenAsync();
            for (var i = 0; i < 10; i++)
            {
                while (true)
                {
                    try
                    {
                        // Each adds one to a counter that all share: a lost update shows.
                        var at = table.Current?.SnapshotId;
                        var (rows, positions) = await table.LookupAsync(at, Keys(Order(7).OrderId), null, Token);
                        var now = rows.RowCount == 0 ? 0 : Rows(rows)[0].Quantity!.Value;
                        await table.CommitAsync(new TableChange { Append = [Batch(Order(7, $"writer {writer}", now + 1))], Delete = positions, BaseSnapshotId = at }, Token);
                        break;
                    }
                    catch (CommitConflictException)
                    {
                        await table.RefreshAsync(Token);
                    }
                }
            }
        }, Token)));
        Assert.Equal(40, Assert.Single(await TestLake.ScanAsync(await lake.ReopenAsync())).Quantity);
    }

    [Fact]
    public async Task A_merge_conflicts_with_rows_that_came_after_it_was_computed_but_an_append_does_not()
    {
        var lake = await CreateAsync();
        await lake.AppendAsync(Order(1, "a"), Order(2, "a"));
        var at = lake.Table.Current!.SnapshotId;
        var (_, positions) = await lake.Table.LookupAsync(at, Keys(Order(1).OrderId), [], Token);
        var (_, none) = await lake.Table.LookupAsync(at, Keys(Order(9).OrderId), [], Token);
        await lake.AppendAsync(Order(9, "other"));
        await Assert.ThrowsAsync<CommitConflictException>(async () => await lake.Table.CommitAsync(new TableChange { Append = [Batch(Order(1, "b"))], Delete = positions, BaseSnapshotId = at }, Token));
        await Assert.ThrowsAsync<CommitConflictException>(async () => await lake.Table.CommitAsync(new TableChange { Append = [Batch(Order(9, "b"))], Delete = none, BaseSnapshotId = at }, Token));
        // A plain delete touches a file that nobody else touched.
        await lake.Table.CommitAsync(new TableChange { Delete = positions, BaseSnapshotId = at }, Token);
        Assert.Equal([Order(2, "a"), Order(9, "other")], await lake.ScanAsync());
        // But not twice.
        await Assert.ThrowsAsync<CommitConflictException>(async () => await lake.Table.CommitAsync(new TableChange { Delete = positions, BaseSnapshotId = at }, Token));
        // A snapshot of nothing but summary entries is no reason for a conflict.
        var current = lake.Table.Current!.SnapshotId;
        var (_, two) = await lake.Table.LookupAsync(current, Keys(Order(2).OrderId), [], Token);
        await lake.Table.CommitAsync(new TableChange { Summary = new Dictionary<string, string> { ["k"] = "v" } }, Token);
        await lake.Table.CommitAsync(new TableChange { Append = [Batch(Order(2, "c"))], Delete = two, BaseSnapshotId = current }, Token);
        Assert.Equal([Order(2, "c"), Order(9, "other")], await lake.ScanAsync());
    }

    [Fact]
    public async Task Validate_is_asked_again_with_the_head_that_won()
    {
        var lake = await CreateAsync();
        var other = await lake.ReopenAsync();
        var heads = new List<long?>();
        var raced = false;
        await lake.Table.CommitAsync(new TableChange
        {
            Append = [Batch(Order(1))],
            Validate = head =>
            {
                heads.Add(head?.SnapshotId);
                if (raced) return;
                raced = true;
#pragma warning disable xUnit1031 // the callback is synchronous, and the store in memory answers at once
                other.CommitAsync(new TableChange { Append = [Batch(Order(2))] }, Token).AsTask().GetAwaiter().GetResult();
#pragma warning restore xUnit1031
            },
        }, Token);
        Assert.Equal([null, other.Current!.SnapshotId], heads);
        Assert.Equal(2, (await lake.ScanAsync()).Count);
    }

    [Theory]
    [InlineData(Fault.ErrorBefore), InlineData(Fault.LostAnswer), InlineData(Fault.Dead), InlineData(Fault.TornPut)]
    public async Task A_fault_at_any_write_of_a_commit_leaves_the_table_before_or_after_it(Fault fault)
    {
        for (var at = 1; ; at++)
        {
            var inner = new MemoryObjectStore();
            var lake = await CreateAsync(store: inner);
            await lake.AppendAsync(Order(1, "a"), Order(2, "a"));
            var faulty = new FaultyStore(inner);
            var table = await lake.ReopenAsync(faulty);
            var first = faulty.Writes + at;
            // A torn create would be a store that breaks its first promise: those are whole or not at all.
            faulty.Faults = call => call.WriteNumber == first && !(fault == Fault.TornPut && call.Verb == StoreVerb.Create) ? fault : Fault.None;
            Exception? error = null;
            try
            {
                await UpsertAsync(table, [Order(2, "b"), Order(3, "b")]);
            }
            catch (Exception e) when (e is StoreException or LakeException)
            {
                error = e;
            }
            Row[] before = [Order(1, "a"), Order(2, "a")], after = [Order(1, "a"), Order(2, "b"), Order(3, "b")];
            var reopened = await lake.ReopenAsync(inner);
            var rows = await TestLake.ScanAsync(reopened);
            if (error is null) Assert.Equal(after, rows);
            else if (error is CommitStateUnknownException) Assert.True(rows.SequenceEqual(before) || rows.SequenceEqual(after));
            else Assert.Equal(before, rows);
            // Whatever happened, the same work given again ends in the same rows.
            await UpsertAsync(reopened, [Order(2, "b"), Order(3, "b")]);
            Assert.Equal(after, await TestLake.ScanAsync(reopened));
            if (faulty.Writes < first) return;
            Assert.True(at < 50);
        }
    }

    [Fact]
    public async Task A_lost_answer_to_the_commit_itself_is_looked_up()
    {
        var inner = new MemoryObjectStore();
        var lake = await CreateAsync(store: inner);
        var faulty = new FaultyStore(inner) { Faults = call => call.Verb == StoreVerb.Create ? Fault.LostAnswer : Fault.None };
        var table = await lake.ReopenAsync(faulty);
        for (var i = 0; i < 5; i++) await table.CommitAsync(new TableChange { Append = [Batch(Order(i))] }, Token);
        Assert.Equal(5, (await TestLake.ScanAsync(await lake.ReopenAsync(inner))).Count);
    }

    [Fact]
    public async Task A_commit_that_was_lost_to_another_is_not_taken_for_its_own_when_the_answer_is_lost_too()
    {
        var inner = new MemoryObjectStore();
        var lake = await CreateAsync(store: inner);
        var raced = false;
        var faulty = new FaultyStore(inner) { Faults = call => call.Verb == StoreVerb.Create ? Fault.LostAnswer : Fault.None };
        faulty.Before = async call =>
        {
            if (call.Verb != StoreVerb.Create || raced) return;
            raced = true;
            await lake.AppendAsync(Order(100));
        };
        var table = await lake.ReopenAsync(faulty);
        await table.CommitAsync(new TableChange { Append = [Batch(Order(1))] }, Token);
        Assert.Equal([Order(1), Order(100)], await TestLake.ScanAsync(await lake.ReopenAsync(inner)));
    }

    [Fact]
    public async Task A_writer_that_slept_through_many_versions_does_not_believe_that_it_won()
    {
        var inner = new MemoryObjectStore();
        var lake = await CreateAsync(Definition with { Properties = new Dictionary<string, string> { [TableProperties.PreviousVersionsMax] = "2" } }, inner);
        var slept = false;
        var sleepy = new FaultyStore(inner);
        sleepy.Before = async call =>
        {
            if (call.Verb != StoreVerb.Create || slept) return;
            slept = true;
            for (var i = 0; i < 10; i++) await lake.AppendAsync(Order(100 + i));
        };
        var table = await lake.ReopenAsync(sleepy);
        await table.CommitAsync(new TableChange { Append = [Batch(Order(1))] }, Token);
        Assert.True(slept);
        var reopened = await lake.ReopenAsync(inner);
        Assert.Equal([Order(1), .. Enumerable.Range(0, 10).Select(i => Order(100 + i))], await TestLake.ScanAsync(reopened));
        Assert.Equal(table.MetadataVersion, reopened.MetadataVersion);
        Assert.Equal(12, reopened.MetadataVersion);
    }

    [Theory]
    [InlineData("1"), InlineData(""), InlineData("999"), InlineData("3\n"), InlineData("what?"), InlineData(null)]
    public async Task A_hint_that_is_behind_torn_wrong_or_missing_does_no_harm(string? hint)
    {
        var lake = await CreateAsync();
        for (var i = 0; i < 5; i++) await lake.AppendAsync(Order(i));
        const string Key = "bronze/orders/metadata/version-hint.text";
        if (hint is null) await lake.Store.DeleteAsync(Key, Token);
        else await lake.Store.PutAsync(Key, System.Text.Encoding.UTF8.GetBytes(hint), Token);
        var table = await lake.ReopenAsync();
        Assert.Equal(6, table.MetadataVersion);
        await table.CommitAsync(new TableChange { Append = [Batch(Order(9))] }, Token);
        Assert.Equal(6, (await TestLake.ScanAsync(await lake.ReopenAsync())).Count);
        if (hint != "999") Assert.Equal("7"u8.ToArray(), await lake.Store.ReadAsync(Key, Token));
    }

    [Fact]
    public async Task Old_metadata_files_go_where_the_table_wants_it()
    {
        foreach (var (delete, left) in ((string, int)[])[("true", 4), ("false", 13)])
        {
            var lake = await CreateAsync(Definition with { Properties = new Dictionary<string, string> { [TableProperties.PreviousVersionsMax] = "3", [TableProperties.DeleteAfterCommit] = delete } });
            for (var i = 0; i < 12; i++) await lake.AppendAsync(Order(i));
            var files = new List<string>();
            await foreach (var info in lake.Store.ListAsync("bronze/orders/metadata/v", Token)) files.Add(info.Key);
            Assert.Equal(left, files.Count(file => file.EndsWith(".metadata.json", StringComparison.Ordinal)));
            Assert.Equal(12, (await TestLake.ScanAsync(await lake.ReopenAsync())).Count);
        }
    }
}
