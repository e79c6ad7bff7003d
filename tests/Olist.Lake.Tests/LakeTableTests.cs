using System.Globalization;
using Olist.Formats.Columns;
using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests;

public sealed class LakeTableTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_appended_is_read_back_by_anyone_who_opens_the_table()
    {
        var lake = await CreateAsync();
        Assert.Null(lake.Table.Current);
        Assert.Empty(await lake.ScanAsync());
        Row[] rows = [Order(3, "purchase"), Order(1, null), Order(2, "approved")];
        var snapshot = await lake.AppendAsync(rows);
        Assert.Equal("append", snapshot.Operation);
        Assert.Equal("3", snapshot.Summary["added-records"]);
        Assert.Equal([Order(1, null), Order(2, "approved"), Order(3, "purchase")], await lake.ScanAsync());
        Assert.Equal(await lake.ScanAsync(), await TestLake.ScanAsync(await lake.ReopenAsync()));
    }

    [Fact]
    public async Task Every_snapshot_stays_readable_by_id_and_by_time()
    {
        var lake = await CreateAsync();
        var first = await lake.AppendAsync(Order(1));
        var second = await lake.AppendAsync(Order(2));
        Assert.True(second.Timestamp > first.Timestamp);
        Assert.Single(await lake.ScanAsync(first.SnapshotId));
        Assert.Equal(2, (await lake.ScanAsync(second.SnapshotId)).Count);
        Assert.Equal(first.SnapshotId, lake.Table.SnapshotAsOf(second.Timestamp.AddMilliseconds(-1)).SnapshotId);
        Assert.Equal(second.SnapshotId, lake.Table.SnapshotAsOf(second.Timestamp).SnapshotId);
        Assert.Throws<LakeException>(() => lake.Table.SnapshotAsOf(first.Timestamp.AddMilliseconds(-1)));
        Assert.Contains("has no snapshot 7;", Assert.Throws<LakeException>(() => lake.Table.ScanAsync(7, null, Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_merge_replaces_rows_by_key_and_keeps_the_past()
    {
        var lake = await CreateAsync();
        var first = await lake.AppendAsync(Order(1, "a"), Order(2, "a"), Order(3, "a"));
        var merge = await UpsertAsync(lake.Table, [Order(2, "b"), Order(4, "b")], deletes: [Order(3).OrderId]);
        Assert.Equal("overwrite", merge.Operation);
        Assert.Equal("mor", merge.Summary["olist.merge"]);
        Assert.Equal([Order(1, "a"), Order(2, "b"), Order(4, "b")], await lake.ScanAsync());
        Assert.Equal(3, (await lake.ScanAsync(first.SnapshotId)).Count);
        var delete = await UpsertAsync(lake.Table, [], deletes: [Order(1).OrderId]);
        Assert.Equal("delete", delete.Operation);
        Assert.Equal([Order(2, "b"), Order(4, "b")], await lake.ScanAsync());
        var insert = await UpsertAsync(lake.Table, [Order(9, "c")]);
        Assert.Equal("append", insert.Operation);
    }

    [Fact]
    public async Task A_look_up_finds_live_rows_and_only_those()
    {
        var lake = await CreateAsync();
        await lake.AppendAsync([.. Enumerable.Range(0, 100).Select(i => Order(i, "old"))]);
        await UpsertAsync(lake.Table, [.. Enumerable.Range(0, 10).Select(i => Order(i, "new"))]);
        var (rows, positions) = await lake.Table.LookupAsync(null, Keys(Order(5).OrderId, Order(50).OrderId, "nobody"), null, Token);
        Assert.Equal([Order(5, "new"), Order(50, "old")], Rows(rows).OrderBy(row => row.OrderId, StringComparer.Ordinal));
        Assert.Equal(2, positions.Count);
        var (narrow, _) = await lake.Table.LookupAsync(null, Keys(Order(5).OrderId), ["quantity"], Token);
        Assert.Equal(["quantity"], narrow.Schema.Select(column => column.Name));
    }

    [Fact]
    public async Task A_change_of_nothing_but_summary_entries_moves_the_watermark()
    {
        var lake = await CreateAsync();
        await lake.AppendAsync(Order(1));
        await lake.Table.CommitAsync(new TableChange { Summary = new Dictionary<string, string> { ["olist.watermark"] = "17" } }, Token);
        await lake.AppendAsync(Order(2));
        Assert.Equal("17", lake.Table.FindSummaryEntry("olist.watermark"));
        Assert.Null(lake.Table.FindSummaryEntry("olist.other"));
        Assert.Null(lake.Table.FindSummaryEntry("olist.watermark", lake.Table.Snapshots[0].SnapshotId));
        Assert.Equal(2, (await lake.ScanAsync()).Count);
    }

    [Fact]
    public async Task Validate_refuses_a_commit_and_leaves_nothing_behind()
    {
        var lake = await CreateAsync();
        await lake.AppendAsync(Order(1));
        var before = await CountObjectsAsync(lake);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await lake.Table.CommitAsync(
            new TableChange { Append = [Batch(Order(2))], Validate = head => throw new InvalidOperationException($"{head?.SnapshotId} has it") }, Token));
        Assert.Single(await lake.ScanAsync());
        Assert.Equal(before, await CountObjectsAsync(lake));
    }

    static async Task<int> CountObjectsAsync(TestLake lake)
    {
        var count = 0;
        await foreach (var _ in lake.Store.ListAsync("", Token)) count++;
        return count;
    }

    [Fact]
    public async Task Rows_are_sorted_and_split_by_partition()
    {
        var lake = await CreateAsync(Definition with { Partitioning = [("at", "month"), ("order_id", "bucket[4]")], SortOrder = ["quantity", "order_id"] });
        var random = new Random(20180829);
        var rows = Enumerable.Range(0, 500).Select(i => Order(i, "s", random.Next(20)) with { At = random.NextInt64(1_480_000_000_000_000, 1_490_000_000_000_000) }).ToArray();
        var snapshot = await lake.AppendAsync(rows);
        Assert.True(int.Parse(snapshot.Summary["added-data-files"], CultureInfo.InvariantCulture) > 8);
        await foreach (var batch in lake.Table.ScanAsync(null, null, Token))
        {
            var read = Rows(batch);
            Assert.Equal(read.OrderBy(row => row.Quantity).ThenBy(row => row.OrderId, StringComparer.Ordinal), read);
        }
        Assert.Equal(rows.OrderBy(row => row.OrderId, StringComparer.Ordinal), await lake.ScanAsync());
        var keys = new RowBatch([Columns[0]], [BytesColumn.Of([.. rows.Take(7).Select(row => row.OrderId)])], 7);
        Assert.Equal(7, (await lake.Table.LookupAsync(null, keys, null, Token)).Rows.RowCount);
    }

    [Fact]
    public async Task A_filter_gives_exactly_the_rows_that_match()
    {
        var lake = await CreateAsync(Definition with { Partitioning = [("at", "day")], SortOrder = ["order_id"] });
        var rows = Enumerable.Range(0, 300).Select(i => Order(i, i % 7 == 0 ? null : $"s{i % 5}", i) with { At = i * 3_600_000_000L }).ToArray();
        await lake.AppendAsync(rows[..150]);
        await lake.AppendAsync(rows[150..]);
        async Task<List<Row>> WhereAsync(params ColumnRange[] where)
        {
            var found = new List<Row>();
            await foreach (var batch in lake.Table.ScanAsync(new ScanRequest { Where = where }, Token)) found.AddRange(Rows(batch));
            return [.. found.OrderBy(row => row.Quantity)];
        }
        Assert.Equal(rows[24..49], await WhereAsync(new ColumnRange("at", DateTimeOffset.UnixEpoch.AddDays(1), DateTimeOffset.UnixEpoch.AddDays(2))));
        Assert.Equal(rows.Where(row => row.Status == "s3"), await WhereAsync(ColumnRange.EqualTo("status", "s3")));
        Assert.Equal(rows[..10], await WhereAsync(new ColumnRange("price", null, 9.99m)));
        Assert.Equal(rows[290..], await WhereAsync(new ColumnRange("order_id", Order(290).OrderId, null), new ColumnRange("quantity", 3, null)));
        Assert.Empty(await WhereAsync(ColumnRange.EqualTo("order_id", "zzz")));
    }

    [Fact]
    public async Task Batches_are_matched_by_name_and_misfits_are_named()
    {
        var lake = await CreateAsync();
        var partial = new RowBatch([new ColumnSchema(9, "quantity", DataType.Long), new ColumnSchema(7, "order_id", DataType.String)],
            [new ValueColumn<long>(DataType.Long, [5], 1), BytesColumn.Of("x")], 1);
        await lake.Table.CommitAsync(new TableChange { Append = [partial] }, Token);
        Assert.Equal([new Row("x", Quantity: 5)], await lake.ScanAsync());

        async Task<string> ErrorAsync(ColumnSchema schema, Column column) =>
            (await Assert.ThrowsAsync<LakeException>(async () => await lake.Table.CommitAsync(new TableChange { Append = [new RowBatch([schema], [column], 1)] }, Token))).Message;
        Assert.Contains("no column colour", await ErrorAsync(new ColumnSchema(1, "colour", DataType.String), BytesColumn.Of("red")), StringComparison.Ordinal);
        Assert.Contains("lack the required column order_id", await ErrorAsync(new ColumnSchema(1, "status", DataType.String), BytesColumn.Of("red")), StringComparison.Ordinal);
        Assert.Contains("null in the required column order_id", await ErrorAsync(new ColumnSchema(1, "order_id", DataType.String), BytesColumn.Of((string?)null)), StringComparison.Ordinal);
        Assert.Contains("order_id as long", await ErrorAsync(new ColumnSchema(1, "order_id", DataType.Long), new ValueColumn<long>(DataType.Long, [5], 1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bounds_that_are_cut_short_never_hide_a_row()
    {
        var random = new Random(20160904);
        string[] letters = ["a", "z", "\u007f", "é", "\ud7ff", "\ue000", "\uffff", "\U00010000", "\U0010FFFF", " "];
        var texts = Enumerable.Range(0, 60).Select(_ => string.Concat(Enumerable.Range(0, 1 + random.Next(24)).Select(_ => letters[random.Next(letters.Length)])))
            .Append(string.Concat(Enumerable.Repeat("\U0010FFFF", 20))).Distinct().ToArray();
        var lake = await CreateAsync();
        // A file for every two texts, so that bounds decide.
        foreach (var pair in texts.Chunk(2)) await lake.AppendAsync([.. pair.Select((text, i) => Order(i, text))]);
        var byBytes = texts.OrderBy(text => text, Comparer<string>.Create((a, b) => System.Text.Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b)))).ToArray();
        foreach (var (i, text) in byBytes.Index())
        {
            Assert.Equal([text], await StatusesAsync(lake, ColumnRange.EqualTo("status", text)));
            Assert.Equal(byBytes[i..].Order(StringComparer.Ordinal), (await StatusesAsync(lake, new ColumnRange("status", text, null))).Order(StringComparer.Ordinal));
            Assert.Equal(byBytes[..(i + 1)].Order(StringComparer.Ordinal), (await StatusesAsync(lake, new ColumnRange("status", null, text))).Order(StringComparer.Ordinal));
        }
    }

    static async Task<List<string>> StatusesAsync(TestLake lake, ColumnRange where)
    {
        var found = new List<string>();
        await foreach (var batch in lake.Table.ScanAsync(new ScanRequest { Where = [where], Columns = ["quantity", "status"] }, Token)) found.AddRange(Texts(batch));
        return found;
        static IEnumerable<string> Texts(RowBatch batch) => Enumerable.Range(0, batch.RowCount).Select(row => batch.Bytes("status").Find(row)!);
    }

    [Fact]
    public async Task A_large_append_is_split_into_files_and_row_groups_and_keeps_its_order()
    {
        var lake = await CreateAsync(Definition with
        {
            SortOrder = ["order_id"],
            Properties = new Dictionary<string, string> { [TableProperties.RowGroupBytes] = "200000", [TableProperties.TargetFileBytes] = "500000" },
        });
        var random = new Random(5);
        var numbers = Enumerable.Range(0, 200_000).ToArray();
        random.Shuffle(numbers);
        var snapshot = await lake.AppendAsync([.. numbers.Select(number => Order(number, "s"))]);
        Assert.True(int.Parse(snapshot.Summary["added-data-files"], CultureInfo.InvariantCulture) > 1);
        var read = new List<string>();
        await foreach (var batch in lake.Table.ScanAsync(null, ["order_id"], Token))
            for (var row = 0; row < batch.RowCount; row++) read.Add(batch.Bytes("order_id").Find(row)!);
        Assert.Equal(numbers.Order().Select(number => Order(number).OrderId), read);
        var keys = Keys([.. Enumerable.Range(0, 100).Select(i => Order(i * 1_999).OrderId)]);
        var (rows, positions) = await lake.Table.LookupAsync(null, keys, ["order_id"], Token);
        Assert.Equal((100, 100), (rows.RowCount, positions.Count));
        await lake.Table.CommitAsync(new TableChange { Delete = positions, BaseSnapshotId = snapshot.SnapshotId }, Token);
        Assert.Equal(199_900, (await lake.ScanAsync()).Count);
        Assert.Equal(0, (await lake.Table.LookupAsync(null, keys, null, Token)).Rows.RowCount);
    }
}
