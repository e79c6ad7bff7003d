using Olist.Formats.Columns;

namespace Olist.Lake.Tests.Merging;

/// <summary>Rows out by key and by filter, in both ways: the same rows, right summaries, the same conflicts, and readers that follow get each changed row once.</summary>
public sealed class RowLevelTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static readonly string[] Names = ["id", "kind", "n"];

    static TableDefinition Definition { get; } = new([new(1, "id", DataType.Long, Required: true), new(2, "kind", DataType.String), new(3, "n", DataType.Long)]) { Key = ["id"] };

    static async Task<TestLake> WithRowsAsync(TableDefinition? definition = null)
    {
        var lake = await TestLake.CreateAsync(definition ?? Definition);
        for (var file = 0; file < 3; file++) await Cells.AppendAsync(lake.Table, Names, [.. Enumerable.Range(file * 10, 10).Select(i => (object?[])[(long)i, $"k{file}", i % 2 == 0 ? null : (object)(long)i])]);
        return lake;
    }

    static async Task<long[]> IdsAsync(LakeTable table) => [.. (await Cells.ReadAsync(table, new ScanRequest { Columns = ["id"] })).Select(row => long.Parse(row[3..], null)).Order()];

    static IEnumerable<long> Except(params long[] gone) => Enumerable.Range(0, 30).Select(i => (long)i).Except(gone);

    [Theory, InlineData(RowLevelMode.MergeOnRead), InlineData(RowLevelMode.CopyOnWrite)]
    public async Task A_merge_inserts_updates_and_deletes_and_says_what_it_did(RowLevelMode mode)
    {
        var lake = await WithRowsAsync();
        var before = lake.Table.Current!;
        var snapshot = await Cells.MergeAsync(lake.Table, Names, [[3L, "new", 1L], [40L, "new", 2L]], [4L, 14L], mode);
        Assert.Equal(Except(4, 14).Append(40), await IdsAsync(await lake.ReopenAsync()));
        Assert.Equal(["id=3 kind=new n=1", "id=40 kind=new n=2"], await Cells.ReadAsync(lake.Table, new ScanRequest { Where = [ColumnRange.EqualTo("kind", "new")] }));
        Assert.Equal("overwrite", snapshot.Operation);
        string Of(string key) => snapshot.Summary.GetValueOrDefault(key, "0");
        if (mode == RowLevelMode.MergeOnRead)
        {
            Assert.Equal(("1", "2", "1", "3", "0"), (Of("added-data-files"), Of("added-records"), Of("added-delete-files"), Of("added-position-deletes"), Of("deleted-data-files")));
            Assert.Equal(("4", "32", "3"), (Of("total-data-files"), Of("total-records"), Of("total-position-deletes")));
        }
        else
        {
            Assert.Equal(("3", "19", "2", "20", "0"), (Of("added-data-files"), Of("added-records"), Of("deleted-data-files"), Of("deleted-records"), Of("added-delete-files")));
            Assert.Equal(("4", "29", "0"), (Of("total-data-files"), Of("total-records"), Of("total-position-deletes")));
        }
        var added = await lake.Table.ReadAddedAsync(before.SnapshotId, snapshot.SnapshotId, ["id"], Token);
        Assert.Equal(["id=3", "id=40"], Cells.Of(added).Order(StringComparer.Ordinal));
        Assert.Equal(30, (await Cells.ReadAsync(lake.Table, new ScanRequest { SnapshotId = before.SnapshotId })).Length);
    }

    [Fact]
    public async Task The_tables_properties_choose_and_a_change_overrules_them()
    {
        var lake = await WithRowsAsync(Definition with { Properties = new Dictionary<string, string> { ["write.merge.mode"] = "copy-on-write", ["write.delete.mode"] = "merge-on-read", ["write.update.mode"] = "copy-on-write" } });
        string Mark() => lake.Table.Current!.Summary["olist.merge"];
        await Cells.MergeAsync(lake.Table, Names, [[3L, "x", 1L]]);
        Assert.Equal("cow", Mark());
        await Cells.MergeAsync(lake.Table, Names, [], [4L]);
        Assert.Equal("mor", Mark());
        await Cells.MergeAsync(lake.Table, Names, [], [5L], RowLevelMode.CopyOnWrite);
        Assert.Equal("cow", Mark());
        await lake.Table.UpdateAsync([ColumnRange.EqualTo("id", 6L)], rows => rows, null, Token);
        Assert.Equal("cow", Mark());
        await lake.Table.OverwriteAsync([ColumnRange.EqualTo("id", 7L)], [], new RowLevelOptions { Mode = RowLevelMode.MergeOnRead }, Token);
        Assert.Equal("mor", Mark());
        Assert.Equal(Except(4, 5, 7), await IdsAsync(lake.Table));
        await MetadataEditor.EditAsync(lake, text => text.Replace("\"write.merge.mode\":\"copy-on-write\"", "\"write.merge.mode\":\"perhaps\"", StringComparison.Ordinal));
        var table = await lake.ReopenAsync();
        var error = await Assert.ThrowsAsync<LakeException>(() => Cells.MergeAsync(table, Names, [[3L, "x", 1L]]));
        Assert.Contains("property write.merge.mode is 'perhaps'", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(RowLevelMode.MergeOnRead), InlineData(RowLevelMode.CopyOnWrite)]
    public async Task A_delete_by_filter_drops_whole_files_without_reading_and_rows_of_others(RowLevelMode mode)
    {
        var lake = await WithRowsAsync();
        var options = new RowLevelOptions { Mode = mode };
        Assert.Null(await lake.Table.DeleteAsync([ColumnRange.EqualTo("id", 99L)], options, Token));
        var snapshot = (await lake.Table.DeleteAsync([new ColumnRange("id", 10L, 19L)], options, Token))!;
        Assert.Equal(("delete", "1", "10", "20"), (snapshot.Operation, snapshot.Summary["deleted-data-files"], snapshot.Summary["deleted-records"], snapshot.Summary["total-records"]));
        Assert.False(snapshot.Summary.ContainsKey("added-data-files") || snapshot.Summary.ContainsKey("added-delete-files"));
        snapshot = (await lake.Table.DeleteAsync([new ColumnRange("id", 5L, 25L), new ColumnRange("n", 0L, null)], options, Token))!; // null never matches
        Assert.Equal(mode == RowLevelMode.MergeOnRead ? "delete" : "overwrite", snapshot.Operation);
        Assert.Equal(Except(10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 5, 7, 9, 21, 23, 25), await IdsAsync(await lake.ReopenAsync()));
        // What is left of a file goes as a whole.
        snapshot = (await lake.Table.DeleteAsync([ColumnRange.EqualTo("kind", "k0")], options, Token))!;
        Assert.Equal(("delete", "1"), (snapshot.Operation, snapshot.Summary["deleted-data-files"]));
        await lake.Table.DeleteAsync([], options, Token);
        Assert.Empty(await Cells.ReadAsync(await lake.ReopenAsync()));
        Assert.Null(await lake.Table.DeleteAsync([], options, Token));
        await Cells.AppendAsync(lake.Table, Names, [1L, "k", 1L]);
        Assert.Equal(1L, Assert.Single(await IdsAsync(lake.Table)));
    }

    [Theory, InlineData(RowLevelMode.MergeOnRead), InlineData(RowLevelMode.CopyOnWrite)]
    public async Task Overwrites_replace_what_matches_or_everything(RowLevelMode mode)
    {
        var lake = await WithRowsAsync();
        var options = new RowLevelOptions { Mode = mode, Summary = new Dictionary<string, string> { ["why"] = "correction" } };
        var start = lake.Table.Current!.SnapshotId;
        var snapshot = (await lake.Table.OverwriteAsync([new ColumnRange("id", 8L, 11L)], [Cells.Batch(lake.Table, Names, [8L, "again", 8L], [100L, "again", 1L])], options, Token))!;
        Assert.Equal(("overwrite", "correction"), (snapshot.Operation, snapshot.Summary["why"]));
        Assert.Equal(Except(9, 10, 11).Append(100), await IdsAsync(lake.Table));
        Assert.Equal(["id=100", "id=8"], Cells.Of(await lake.Table.ReadAddedAsync(start, snapshot.SnapshotId, ["id"], Token)).Order(StringComparer.Ordinal));
        snapshot = (await lake.Table.UpdateAsync([ColumnRange.EqualTo("kind", "again")],
            rows => Cells.Batch(lake.Table, Names, [.. Enumerable.Range(0, rows.RowCount).Select(i => (object?[])[rows.Longs("id")[i], "updated", rows.Longs("n")[i] * 10])]), options, Token))!;
        Assert.Equal(["id=100 kind=updated n=10", "id=8 kind=updated n=80"], await Cells.ReadAsync(lake.Table, new ScanRequest { Where = [ColumnRange.EqualTo("kind", "updated")] }));
        Assert.Equal(2, (await lake.Table.ReadAddedAsync(start, snapshot.SnapshotId, null, Token)).RowCount);
        snapshot = (await lake.Table.OverwriteAsync([], [Cells.Batch(lake.Table, Names, [1L, "only", 1L])], options, Token))!;
        Assert.Equal(1L, Assert.Single(await IdsAsync(await lake.ReopenAsync())));
        Assert.Equal(("overwrite", "1"), (snapshot.Operation, snapshot.Summary["total-records"]));
        Assert.Equal(["id=1 kind=only n=1"], Cells.Of(await lake.Table.ReadAddedAsync(start, snapshot.SnapshotId, null, Token)));
    }

    [Fact]
    public async Task Partitions_are_replaced_as_a_whole()
    {
        var lake = await WithRowsAsync(Definition with { Partitioning = [("kind", "identity")] });
        var snapshot = (await lake.Table.ReplacePartitionsAsync([Cells.Batch(lake.Table, Names, [50L, "k1", 1L], [51L, "k9", 1L], [52L, null, 1L])], null, Token))!;
        Assert.Equal(("overwrite", "true", "1"), (snapshot.Operation, snapshot.Summary["replace-partitions"], snapshot.Summary["deleted-data-files"]));
        Assert.Equal(Except(10, 11, 12, 13, 14, 15, 16, 17, 18, 19).Concat([50, 51, 52]), await IdsAsync(await lake.ReopenAsync()));
        await lake.Table.EvolveAsync(e => e.AddPartitionField("id", "bucket[2]"), Token);
        var error = await Assert.ThrowsAsync<LakeException>(async () => await lake.Table.ReplacePartitionsAsync([Cells.Batch(lake.Table, Names, [50L, "k1", 1L])], null, Token));
        Assert.Contains("Compact the table, or overwrite by a filter", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(RowLevelMode.MergeOnRead), InlineData(RowLevelMode.CopyOnWrite)]
    public async Task Changes_that_touch_the_same_rows_conflict_and_others_do_not(RowLevelMode mode)
    {
        var lake = await WithRowsAsync();
        async Task<TableChange> RemovalAsync(LakeTable table, params long[] ids)
        {
            var (_, positions) = await table.LookupAsync(null, Cells.Batch(table, ["id"], [.. ids.Select(id => (object?[])[id])]), ["id"], Token);
            return new TableChange { Delete = positions, BaseSnapshotId = table.Current!.SnapshotId, Mode = mode };
        }
        var (first, second, third) = (await RemovalAsync(lake.Table, 1), await RemovalAsync(lake.Table, 2), await RemovalAsync(lake.Table, 25));
        var appender = await lake.ReopenAsync();
        await Cells.AppendAsync(appender, Names, [60L, "k6", null]);
        await lake.Table.CommitAsync(first, Token); // an append does not hinder a delete
        var files = lake.Store;
        var conflict = await Assert.ThrowsAsync<CommitConflictException>(async () => await lake.Table.CommitAsync(second, Token));
        Assert.Matches("was replaced since|were removed since", conflict.Message);
        await lake.Table.CommitAsync(third, Token);
        Assert.Equal(Except(1, 25).Append(60), await IdsAsync(await lake.ReopenAsync()));
        // A merge conflicts with rows that came meanwhile, as they may have its keys.
        var merge = await RemovalAsync(lake.Table, 3) with { Append = [Cells.Batch(lake.Table, Names, [3L, "m", 1L])] };
        await Cells.AppendAsync(appender, Names, [61L, "k6", null]);
        await Assert.ThrowsAsync<CommitConflictException>(async () => await lake.Table.CommitAsync(merge, Token));
        // By filter it is looked for again, so that what came meanwhile goes too.
        await lake.Table.DeleteAsync([ColumnRange.EqualTo("kind", "k6")], new RowLevelOptions { Mode = mode }, Token);
        Assert.Equal(Except(1, 25), await IdsAsync(await lake.ReopenAsync()));
        // What was abandoned is not left lying about.
        await lake.Table.RefreshAsync(Token);
        Assert.Empty((await new LakeMaintenance(new MaintenanceOptions { OrphanAge = TimeSpan.FromTicks(1), DryRun = true }).RemoveOrphansAsync(lake.Table, Token)).Orphans);
    }

    [Theory, InlineData(RowLevelMode.MergeOnRead), InlineData(RowLevelMode.CopyOnWrite)]
    public async Task Filters_and_appenders_race_and_no_row_is_lost_or_kept_by_mistake(RowLevelMode mode)
    {
        var lake = await WithRowsAsync();
        var tables = new[] { lake.Table, await lake.ReopenAsync(), await lake.ReopenAsync() };
        async Task AppendAsync(LakeTable table, int from)
        {
            for (var i = 0; i < 8; i++) await Cells.AppendAsync(table, Names, [(long)(from + i), "kept", 1L], [(long)(from + 100 + i), "doomed", 1L]);
        }
        async Task DeleteAsync()
        {
            for (var i = 0; i < 6; i++) await tables[0].DeleteAsync([ColumnRange.EqualTo("kind", "doomed")], new RowLevelOptions { Mode = mode, Retries = 1000 }, Token);
        }
        await Task.WhenAll(AppendAsync(tables[1], 1000), AppendAsync(tables[2], 2000), DeleteAsync());
        await DeleteAsync();
        Assert.Equal(Except().Concat(Enumerable.Range(1000, 8).Concat(Enumerable.Range(2000, 8)).Select(i => (long)i)), await IdsAsync(await lake.ReopenAsync()));
    }

    [Fact]
    public async Task Readers_that_follow_get_each_changed_row_once_whatever_was_rewritten_in_between()
    {
        var lake = await WithRowsAsync();
        var start = lake.Table.Current!.SnapshotId;
        await Cells.AppendAsync(lake.Table, Names, [50L, "a", 1L], [51L, "a", 2L], [52L, "a", 3L]);
        await Cells.MergeAsync(lake.Table, Names, [[51L, "b", 2L], [5L, "b", 5L]], [52L], RowLevelMode.CopyOnWrite); // rewrites the file just added
        await Cells.MergeAsync(lake.Table, Names, [[5L, "c", 5L], [60L, "c", 6L]], mode: RowLevelMode.CopyOnWrite);
        await lake.Table.DeleteAsync([ColumnRange.EqualTo("id", 20L)], new RowLevelOptions { Mode = RowLevelMode.CopyOnWrite }, Token);
        await Cells.MergeAsync(lake.Table, Names, [[60L, "d", 6L]]);
        string[] expected = ["id=5 kind=c n=5", "id=50 kind=a n=1", "id=51 kind=b n=2", "id=60 kind=d n=6"];
        async Task<IEnumerable<string>> AddedAsync() => Cells.Of(await lake.Table.ReadAddedAsync(start, lake.Table.Current!.SnapshotId, null, Token)).Order(StringComparer.Ordinal);
        Assert.Equal(expected, await AddedAsync());
        await new LakeMaintenance(new MaintenanceOptions { MinFiles = 2 }).CompactAsync(lake.Table, Token);
        Assert.Equal(expected, await AddedAsync());
        Assert.Equal(32, (await Cells.ReadAsync(lake.Table)).Length);
        // Without a key it can't be told, and that is said.
        await lake.Table.EvolveAsync(e => e.IdentifyBy(), Token);
        var error = await Assert.ThrowsAsync<IncrementalReadException>(async () => await AddedAsync());
        Assert.Equal(IncrementalReadFailure.FilesGone, error.Failure);
    }
}
