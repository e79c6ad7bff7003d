using Olist.Formats.Columns;

namespace Olist.Lake.Tests.Evolution;

/// <summary>Columns come, go, move, get other names and wider types, and every row written before is read in what the table is now.</summary>
public sealed class SchemaEvolutionTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static readonly TableDefinition Definition = new(
    [
        new(1, "id", DataType.Int, Required: true), new(2, "name", DataType.String), new(3, "weight", DataType.Float), new(4, "price", DataType.Decimal(9, 2)), new(5, "note", DataType.String),
    ])
    {
        Key = ["id"], Properties = new Dictionary<string, string> { ["write.parquet.bloom-filter-enabled.column.id"] = "true" },
    };

    static readonly string[] All = ["id", "name", "weight", "price", "note"];

    static async Task<TestLake> WithRowsAsync()
    {
        var lake = await TestLake.CreateAsync(Definition);
        await Cells.AppendAsync(lake.Table, All, [1, "one", 1.5f, 100, "a"], [2, "two", 2.5f, 2_000_000, "b"], [3, null, null, null, "c"]);
        return lake;
    }

    [Fact]
    public async Task Old_rows_are_read_in_every_later_schema()
    {
        var lake = await WithRowsAsync();
        var first = lake.Table.Current!.SnapshotId;
        await lake.Table.EvolveAsync(e => e
            .AddColumn("colour", DataType.String, ColumnPosition.After("id"), "what it looks like")
            .RenameColumn("name", "title")
            .WidenColumn("id", DataType.Long).WidenColumn("weight", DataType.Double).WidenColumn("price", DataType.Decimal(20, 2))
            .DropColumn("note").MoveColumn("price", ColumnPosition.First), Token);
        Assert.Equal(["price", "id", "colour", "title", "weight"], lake.Table.Columns.Select(column => column.Name));
        Assert.Equal([4, 1, 6, 2, 3], lake.Table.Columns.Select(column => column.FieldId));
        await Cells.AppendAsync(lake.Table, ["id", "colour", "title", "weight", "price"], [5_000_000_000, "red", "five", 5.25, 7]);
        string[] rows =
        [
            "price=- id=3 colour=- title=- weight=-", "price=100 id=1 colour=- title=one weight=1.5",
            "price=2000000 id=2 colour=- title=two weight=2.5", "price=7 id=5000000000 colour=red title=five weight=5.25",
        ];
        Assert.Equal(rows, await Cells.ReadAsync(lake.Table));
        Assert.Equal(rows, await Cells.ReadAsync(await lake.ReopenAsync()));
        // By id it is as it was then.
        Assert.Equal("id=1 name=one weight=1.5 price=100 note=a", (await Cells.ReadAsync(lake.Table, new ScanRequest { SnapshotId = first }))[0]);
    }

    [Fact]
    public async Task Filters_and_look_ups_find_rows_of_old_types_by_bounds_statistics_and_bloom_filters()
    {
        var lake = await WithRowsAsync();
        await lake.Table.EvolveAsync(e => e.WidenColumn("id", DataType.Long).WidenColumn("price", DataType.Decimal(30, 2)).WidenColumn("weight", DataType.Double), Token);
        await Cells.AppendAsync(lake.Table, All, [4L, "four", 4.5, 5, null]);
        async Task<string[]> IdsAsync(params ColumnRange[] where) => await Cells.ReadAsync(lake.Table, new ScanRequest { Columns = ["id"], Where = where });
        Assert.Equal(["id=2"], await IdsAsync(ColumnRange.EqualTo("id", 2L)));
        Assert.Equal(["id=2"], await IdsAsync(ColumnRange.EqualTo("price", 20_000m)));
        Assert.Equal(["id=1", "id=4"], await IdsAsync(new ColumnRange("price", 0m, 1m)));
        Assert.Equal(["id=1", "id=2"], await IdsAsync(new ColumnRange("weight", 1.0, 3.0)));
        foreach (var (id, count) in ((long, int)[])[(1, 1), (3, 1), (4, 1), (5, 0), (5_000_000_000, 0)])
        {
            var (rows, _) = await lake.Table.LookupAsync(null, Cells.Batch(lake.Table, ["id"], [id]), null, Token);
            Assert.Equal(count, rows.RowCount);
        }
        // Keys of a caller that has not heard of the wider type.
        var old = new RowBatch([new ColumnSchema(1, "id", DataType.Int)], [new ValueColumn<int>(DataType.Int, [2], 1)], 1);
        Assert.Equal(1, (await lake.Table.LookupAsync(null, old, null, Token)).Rows.RowCount);
        await lake.Table.CommitAsync(new TableChange { Append = [new RowBatch([Definition.Columns[0]], [new ValueColumn<int>(DataType.Int, [9], 1)], 1)] }, Token);
        Assert.Equal(["id=9"], await IdsAsync(ColumnRange.EqualTo("id", 9L)));
    }

    [Fact]
    public async Task A_name_that_comes_again_is_another_column()
    {
        var lake = await WithRowsAsync();
        await lake.Table.EvolveAsync(e => e.DropColumn("note"), Token);
        await lake.Table.EvolveAsync(e => e.AddColumn("note", DataType.Long), Token);
        Assert.Equal(6, lake.Table.Schema.FindColumn("note")!.FieldId);
        await Cells.AppendAsync(lake.Table, ["id", "note"], [7, 70L]);
        Assert.Equal(["id=1 note=-", "id=2 note=-", "id=3 note=-", "id=7 note=70"], await Cells.ReadAsync(lake.Table, new ScanRequest { Columns = ["id", "note"] }));
        Assert.Equal(["id=7"], await Cells.ReadAsync(lake.Table, new ScanRequest { Columns = ["id"], Where = [ColumnRange.EqualTo("note", 70L)] }));
    }

    [Fact]
    public async Task Ids_are_never_used_again_and_an_equal_schema_is()
    {
        var lake = await WithRowsAsync();
        var before = lake.Table.Schema.SchemaId;
        await lake.Table.EvolveAsync(e => e.AddColumn("extra", DataType.Long), Token);
        await lake.Table.EvolveAsync(e => e.DropColumn("extra"), Token);
        Assert.Equal(before, lake.Table.Schema.SchemaId);
        var document = await MetadataEditor.ReadAsync(lake);
        Assert.Equal(6, document["last-column-id"]!.GetValue<int>());
        Assert.Equal(2, document["schemas"]!.AsArray().Count);
        await lake.Table.EvolveAsync(e => e.AddColumn("extra", DataType.Long), Token);
        Assert.Equal(7, lake.Table.Schema.FindColumn("extra")!.FieldId);
        var version = lake.Table.MetadataVersion;
        await lake.Table.EvolveAsync(e => e.RenameColumn("extra", "more").RenameColumn("more", "extra").MoveColumn("id", ColumnPosition.First).WidenColumn("id", DataType.Int), Token);
        Assert.Equal(version, lake.Table.MetadataVersion); // nothing to say, nothing committed
    }

    public static readonly TheoryData<string, string, string> Illegal = new()
    {
        { "drop nothing", "missing", "there is no column missing" },
        { "drop key", "id", "part of the key (id); identify rows by other columns first" },
        { "drop partition source", "name", "source of partition field name_bucket; remove that field first" },
        { "drop sort source", "price", "in the sort order; sort by other columns first" },
        { "add twice", "NAME", "there is a column name already" },
        { "add like a partition field", "name_bucket", "a partition field is called name_bucket" },
        { "add required", "more", "the table has rows without it; make it optional" },
        { "narrow", "id", "can't change its type from int to float" },
        { "rescale", "price", "can't change its type from decimal(9, 2) to decimal(12, 4)" },
        { "optional key", "id", "which is never null" },
        { "key of optional", "note", "identifier fields are required" },
        { "rename onto another", "note", "there is a column note already" },
        { "beside itself", "note", "can't stand beside itself" },
        { "beside nothing", "missing", "no column missing to stand beside" },
        { "partition by nonsense", "name", "transform 'half' of column name is not known" },
        { "partition by misfit", "name", "day can't be applied to a column of type string" },
        { "partition twice", "name_bucket", "is bucket[4] of column name already" },
        { "partition named like a column", "note", "can't be called 'note'" },
        { "no such partition field", "missing", "there is no partition field missing; it has name_bucket" },
        { "reserved property", "current-schema", "is reserved" },
        { "no number", "commit.retry.num-retries", "expected a whole number" },
        { "no mode", "write.merge.mode", "expected copy-on-write or merge-on-read" },
    };

    [Theory, MemberData(nameof(Illegal))]
    public async Task What_is_not_allowed_is_named_with_the_way_out_and_changes_nothing(string what, string field, string message)
    {
        var lake = await TestLake.CreateAsync(Definition with { Partitioning = [("name", "bucket[4]")], SortOrder = ["price"] });
        await Cells.AppendAsync(lake.Table, All, [1, "one", 1.5f, 100, "a"]);
        var version = lake.Table.MetadataVersion;
        var error = await Assert.ThrowsAnyAsync<LakeException>(async () => await lake.Table.EvolveAsync(e => _ = what switch
        {
            "drop nothing" => e.DropColumn("missing"),
            "drop key" => e.DropColumn("id"),
            "drop partition source" => e.DropColumn("name"),
            "drop sort source" => e.DropColumn("price"),
            "add twice" => e.AddColumn("NAME", DataType.String),
            "add like a partition field" => e.AddColumn("name_bucket", DataType.String),
            "add required" => e.AddColumn("more", DataType.String, required: true),
            "narrow" => e.WidenColumn("id", DataType.Float),
            "rescale" => e.WidenColumn("price", DataType.Decimal(12, 4)),
            "optional key" => e.MakeOptional("id"),
            "key of optional" => e.IdentifyBy("id", "note"),
            "rename onto another" => e.RenameColumn("name", "note"),
            "beside itself" => e.MoveColumn("note", ColumnPosition.After("note")),
            "beside nothing" => e.MoveColumn("note", ColumnPosition.After("missing")),
            "partition by nonsense" => e.AddPartitionField("name", "half"),
            "partition by misfit" => e.AddPartitionField("name", "day"),
            "partition twice" => e.AddPartitionField("name", "bucket[4]"),
            "partition named like a column" => e.AddPartitionField("name", "truncate[2]", "note"),
            "no such partition field" => e.RemovePartitionField("missing"),
            "reserved property" => e.SetProperty("current-schema", "1"),
            "no number" => e.SetProperty("commit.retry.num-retries", "many"),
            "no mode" => e.SetProperty("write.merge.mode", "sometimes"),
            _ => throw new ArgumentException(what),
        }, Token));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        if (error is EvolutionException evolution) Assert.Equal(field, evolution.Field);
        else Assert.Contains(field, error.Message, StringComparison.Ordinal);
        Assert.Equal(version, (await lake.ReopenAsync()).MetadataVersion);
    }

    [Fact]
    public async Task An_evolution_goes_on_top_of_rows_but_not_of_another_evolution()
    {
        var lake = await WithRowsAsync();
        var other = await lake.ReopenAsync();
        await Cells.AppendAsync(other, ["id"], [10]);
        await lake.Table.EvolveAsync(e => e.AddColumn("x", DataType.Long), Token);
        Assert.Equal(4, (await Cells.ReadAsync(lake.Table)).Length);
        var conflict = await Assert.ThrowsAsync<CommitConflictException>(async () => await other.EvolveAsync(e => e.AddColumn("y", DataType.Long), Token));
        Assert.Contains("its schema was changed by somebody else", conflict.Message, StringComparison.Ordinal);
        // Properties do not care, and rows of a writer that has not heard of it go in.
        await other.EvolveAsync(e => e.SetProperty("owner", "us"), Token);
        Assert.NotNull(other.Schema.FindColumn("x"));
        await other.EvolveAsync(e => e.AddColumn("y", DataType.Long), Token);
        await Cells.AppendAsync(lake.Table, ["id", "x"], [11, 1L]);
        Assert.Equal("id=11 name=- weight=- price=- note=- x=1 y=-", (await Cells.ReadAsync(lake.Table))[2]);
        Assert.Equal("us", lake.Table.Properties["owner"]);
        await lake.Table.EvolveAsync(e => e.RemoveProperty("owner").RemoveProperty("never-there"), Token);
        Assert.False(lake.Table.Properties.ContainsKey("owner"));
    }

    [Fact]
    public async Task Rows_written_before_a_column_became_required_are_not_slipped_in_after()
    {
        var lake = await TestLake.CreateAsync(Definition);
        var writer = await lake.ReopenAsync();
        var raced = false;
        var change = new TableChange { Append = [Cells.Batch(writer, ["id"], [1])], Validate = _ =>
        {
            if (raced) return;
            raced = true;
            lake.Table.EvolveAsync(e => e.AddColumn("must", DataType.Long, required: true), Token).AsTask().GetAwaiter().GetResult();
        } };
        var conflict = await Assert.ThrowsAsync<CommitConflictException>(async () => await writer.CommitAsync(change, Token));
        Assert.Contains("column must became required", conflict.Message, StringComparison.Ordinal);
        Assert.Empty(await Cells.ReadAsync(await lake.ReopenAsync()));
    }

    [Fact]
    public async Task Merges_compaction_and_incremental_reads_go_across_schemas()
    {
        var lake = await WithRowsAsync();
        var start = lake.Table.Current!.SnapshotId;
        await lake.Table.EvolveAsync(e => e.RenameColumn("id", "number").WidenColumn("number", DataType.Long).AddColumn("x", DataType.String).DropColumn("note"), Token);
        Assert.Equal(["number"], lake.Table.Key);
        Assert.Equal("true", lake.Table.Properties["write.parquet.bloom-filter-enabled.column.number"]);
        await Cells.MergeAsync(lake.Table, ["number", "x"], [[2L, "changed"], [6L, "new"]], [3L]);
        await Cells.MergeAsync(lake.Table, ["number", "x"], [[1L, "rewritten"]], mode: RowLevelMode.CopyOnWrite);
        string[] rows = ["number=1 x=rewritten", "number=2 x=changed", "number=6 x=new"];
        Assert.Equal(rows, await Cells.ReadAsync(lake.Table, new ScanRequest { Columns = ["number", "x"] }));
        var added = await lake.Table.ReadAddedAsync(start, lake.Table.Current!.SnapshotId, ["number", "x"], Token);
        Assert.Equal(rows, Cells.Of(added).Order(StringComparer.Ordinal));
        await new LakeMaintenance(new MaintenanceOptions { MinFiles = 2 }).CompactAsync(lake.Table, Token);
        Assert.Equal("replace", lake.Table.Current!.Operation);
        Assert.Equal(rows, await Cells.ReadAsync(lake.Table, new ScanRequest { Columns = ["number", "x"] }));
        added = await lake.Table.ReadAddedAsync(start, lake.Table.Current!.SnapshotId, ["number", "x"], Token);
        Assert.Equal(rows, Cells.Of(added).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Deletes_by_value_of_a_column_that_is_gone_still_count()
    {
        var lake = await TestLake.CreateAsync();
        await lake.AppendAsync(TestLake.Order(1, "kept"), TestLake.Order(2, "gone"));
        await new ForeignEngine(lake).DeleteByValueAsync("status", new RowBatch([TestLake.Columns[1]], [BytesColumn.Of("gone")], 1));
        var table = await lake.ReopenAsync();
        await table.EvolveAsync(e => e.DropColumn("status").AddColumn("status", DataType.Long), Token);
        await Cells.AppendAsync(table, ["order_id", "status"], ["x", 5L]);
        Assert.Equal([$"order_id={TestLake.Order(1).OrderId} status=-", "order_id=x status=5"], await Cells.ReadAsync(table, new ScanRequest { Columns = ["order_id", "status"] }));
        var (found, _) = await table.LookupAsync(null, TestLake.Keys(TestLake.Order(1).OrderId, TestLake.Order(2).OrderId), ["status"], Token);
        Assert.Equal(1, found.RowCount);
    }

    [Fact]
    public async Task Nested_columns_of_others_come_through_untouched()
    {
        var lake = await TestLake.CreateAsync(Definition);
        const string Nested = """{"id":50,"name":"parts","required":false,"type":{"type":"list","element-id":51,"element":{"type":"struct","fields":[{"id":52,"name":"a","required":true,"type":"long"}]},"element-required":true}}""";
        await MetadataEditor.EditAsync(lake, text => text.Replace("\"fields\":[{\"id\":1,", $"\"fields\":[{Nested},{{\"id\":1,", StringComparison.Ordinal).Replace("\"last-column-id\":5", "\"last-column-id\":52", StringComparison.Ordinal));
        var table = await lake.ReopenAsync();
        await table.EvolveAsync(e => e.AddColumn("x", DataType.Long).RenameColumn("parts", "pieces").MoveColumn("pieces", ColumnPosition.Last), Token);
        Assert.Equal(53, table.Schema.FindColumn("x")!.FieldId);
        Assert.Contains(Nested.Replace("parts", "pieces", StringComparison.Ordinal), System.Text.Encoding.UTF8.GetString(await lake.Store.ReadAsync(await MetadataEditor.CurrentKeyAsync(lake), Token)), StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<EvolutionException>(async () => await table.EvolveAsync(e => e.WidenColumn("pieces", DataType.Long), Token));
        Assert.Contains("nested", error.Message, StringComparison.Ordinal);
    }
}
