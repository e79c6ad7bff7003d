using Olist.Formats.Columns;

namespace Olist.Lake.Tests.Evolution;

/// <summary>Partitioning and order change under rows that are there: reads, deletes, merges and compaction go across specs.</summary>
public sealed class PartitionEvolutionTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static readonly string[] Names = ["id", "kind", "at", "size"];

    static TableDefinition Definition { get; } = new(
        [new(1, "id", DataType.Long, Required: true), new(2, "kind", DataType.String), new(3, "at", DataType.TimestampTz), new(4, "size", DataType.Int)])
    {
        Key = ["id"], Partitioning = [("kind", "identity")],
    };

    const long Day = 86_400_000_000;

    static object?[][] Rows(int from, int count) => [.. Enumerable.Range(from, count).Select(i => (object?[])[(long)i, i % 3 == 0 ? null : $"k{i % 3}", i % 5 * Day, i])];

    static async Task<TestLake> EvolvedAsync()
    {
        var lake = await TestLake.CreateAsync(Definition);
        await Cells.AppendAsync(lake.Table, Names, Rows(0, 30));
        await lake.Table.EvolveAsync(e => e.AddPartitionField("at", "day").AddPartitionField("id", "bucket[4]", "shard").RemovePartitionField("kind"), Token);
        await Cells.AppendAsync(lake.Table, Names, Rows(30, 30));
        await lake.Table.EvolveAsync(e => e.RemovePartitionField("at_day").RenamePartitionField("shard", "part").WidenColumn("size", DataType.Long).AddPartitionField("size", "truncate[20]").SortBy(new SortKey("size", Ascending: false)), Token);
        await Cells.AppendAsync(lake.Table, Names, Rows(60, 30));
        return lake;
    }

    static string[] Expected(IEnumerable<object?[]> rows) => [.. rows.Select(row => string.Join(' ', Names.Zip(row, (name, value) => $"{name}={value ?? "-"}"))).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Each_file_keeps_its_spec_and_every_row_is_found()
    {
        var lake = await EvolvedAsync();
        Assert.Equal(Expected(Rows(0, 90)), await Cells.ReadAsync(lake.Table));
        Assert.Equal(Expected(Rows(0, 90)), await Cells.ReadAsync(await lake.ReopenAsync()));
        var specs = (await MetadataEditor.ReadAsync(lake))["partition-specs"]!.AsArray();
        Assert.Equal(3, specs.Count);
        // The bucket keeps its id under another name.
        Assert.Equal([1002, 1003], specs[2]!["fields"]!.AsArray().Select(field => field!["field-id"]!.GetValue<int>()));
        Assert.Equal(["part", "size_trunc"], lake.Table.Partitioning.Fields.Select(field => field.Name));
        foreach (var where in (ColumnRange[])[ColumnRange.EqualTo("kind", "k1"), ColumnRange.EqualTo("id", 47L), new("at", 2 * Day, 3 * Day - 1), new("size", 19L, 61L)])
        {
            var all = await Cells.ReadAsync(lake.Table);
            bool Matches(string row)
            {
                var text = row.Split(' ').Single(cell => cell.StartsWith(where.Column + "=", StringComparison.Ordinal))[(where.Column.Length + 1)..];
                return text != "-" && (where.AtLeast is string exact ? text == exact : long.Parse(text, null) >= (long)where.AtLeast! && long.Parse(text, null) <= (long)where.AtMost!);
            }
            Assert.Equal(all.Where(Matches), await Cells.ReadAsync(lake.Table, new ScanRequest { Where = [where] }));
        }
    }

    [Fact]
    public async Task A_field_that_comes_again_gets_its_id_back_and_an_equal_spec_is_used_again()
    {
        var lake = await EvolvedAsync();
        await lake.Table.EvolveAsync(e => e.RemovePartitionField("part").RemovePartitionField("size_trunc").AddPartitionField("kind", "identity"), Token);
        Assert.Equal(0, lake.Table.Partitioning.SpecId);
        await lake.Table.EvolveAsync(e => e.AddPartitionField("at", "day"), Token);
        Assert.Equal([1000, 1001], lake.Table.Partitioning.Fields.Select(field => field.FieldId));
        await lake.Table.EvolveAsync(e => e.RemovePartitionField("kind").RemovePartitionField("at_day"), Token);
        Assert.True(lake.Table.Partitioning.IsUnpartitioned);
        await Cells.AppendAsync(lake.Table, Names, Rows(90, 3));
        Assert.Equal(Expected(Rows(0, 93)), await Cells.ReadAsync(lake.Table));
        // The source of fields of old specs only may go.
        await lake.Table.EvolveAsync(e => e.DropColumn("kind"), Token);
        Assert.Equal(93, (await Cells.ReadAsync(lake.Table)).Length);
        await new LakeMaintenance(new MaintenanceOptions { MinFiles = 2 }).CompactAsync(lake.Table, Token);
        Assert.Equal(93, (await Cells.ReadAsync(await lake.ReopenAsync())).Length);
    }

    [Theory, InlineData(RowLevelMode.MergeOnRead), InlineData(RowLevelMode.CopyOnWrite)]
    public async Task Merges_and_deletes_go_across_specs(RowLevelMode mode)
    {
        var lake = await EvolvedAsync();
        var before = lake.Table.Current!.SnapshotId;
        object?[][] changed = [[5L, "k9", 0L, 500L], [35L, null, 0L, 501L], [65L, "k9", 0L, 502L], [100L, "k9", 0L, 503L]];
        await Cells.MergeAsync(lake.Table, Names, changed, [6L, 36L, 66L], mode);
        long[] gone = [5, 35, 65, 6, 36, 66];
        var expected = Rows(0, 90).Where(row => !gone.Contains((long)row[0]!)).Concat(changed).ToArray();
        Assert.Equal(Expected(expected), await Cells.ReadAsync(lake.Table));
        Assert.Equal(Expected(expected), await Cells.ReadAsync(await lake.ReopenAsync()));
        Assert.Equal(Expected(changed), Cells.Of(await lake.Table.ReadAddedAsync(before, lake.Table.Current!.SnapshotId, null, Token)).Order(StringComparer.Ordinal));
        await lake.Table.DeleteAsync([ColumnRange.EqualTo("kind", "k1")], new RowLevelOptions { Mode = mode }, Token);
        expected = [.. expected.Where(row => (string?)row[1] != "k1")];
        Assert.Equal(Expected(expected), await Cells.ReadAsync(await lake.ReopenAsync()));
    }

    [Fact]
    public async Task Deletes_by_position_hold_in_partitions_whose_source_was_widened()
    {
        var lake = await TestLake.CreateAsync(Definition with { Partitioning = [("size", "identity")] });
        await Cells.AppendAsync(lake.Table, Names, [1L, "a", 0L, 1], [2L, "b", 0L, 1]);
        await Cells.ReadAsync(lake.Table); // the manifest is known by now, with values of 4 bytes
        await lake.Table.EvolveAsync(e => e.WidenColumn("size", DataType.Long), Token);
        await lake.Table.DeleteAsync([ColumnRange.EqualTo("id", 1L)], null, Token);
        foreach (var table in (LakeTable[])[lake.Table, await lake.ReopenAsync()])
            Assert.Equal(["id=2 kind=b at=0 size=1"], await Cells.ReadAsync(table));
    }

    [Fact]
    public async Task Compaction_brings_small_files_of_old_specs_into_the_current_one_in_its_order()
    {
        var lake = await EvolvedAsync();
        await lake.Table.DeleteAsync([ColumnRange.EqualTo("id", 7L)], null, Token);
        var start = lake.Table.Current!.SnapshotId;
        var result = await new LakeMaintenance(new MaintenanceOptions { MinFiles = 2 }).CompactAsync(lake.Table, Token);
        Assert.Equal(59, result.RowsRewritten); // what is in the current spec lies one file to a partition
        Assert.Equal(1, result.RowsRemoved);
        var expected = Expected(Rows(0, 90).Where(row => (long)row[0]! != 7));
        Assert.Equal(expected, await Cells.ReadAsync(lake.Table));
        Assert.Equal(expected, await Cells.ReadAsync(await lake.ReopenAsync()));
        // Only files of the current spec are left, so whole partitions can be replaced.
        await lake.Table.ReplacePartitionsAsync([Cells.Batch(lake.Table, Names, [8L, "x", 0L, 0L])], null, Token);
        await new LakeMaintenance(new MaintenanceOptions { MinFiles = 2 }).CompactAsync(lake.Table, Token);
        Assert.Null((await new LakeMaintenance(new MaintenanceOptions { MinFiles = 2 }).CompactAsync(lake.Table, Token)).SnapshotId); // it comes to an end
        Assert.Empty(Cells.Of(await lake.Table.ReadAddedAsync(start, result.SnapshotId!.Value, null, Token)));
    }

    [Fact]
    public async Task A_compaction_into_another_spec_gives_way_to_a_delete_by_value()
    {
        var lake = await TestLake.CreateAsync();
        for (var i = 0; i < 6; i++) await lake.AppendAsync(TestLake.Order(i, "old"));
        await lake.Table.EvolveAsync(e => e.AddPartitionField("order_id", "bucket[2]"), Token);
        await new LakeMaintenance(new MaintenanceOptions()).CompactAsync(lake.Table, Token);
        Assert.Equal(6, (await lake.ScanAsync()).Count);
        Assert.All(lake.Table.Snapshots.TakeLast(1), snapshot => Assert.Equal("2", snapshot.Summary["added-data-files"]));
    }
}
