using System.Globalization;
using Olist.Formats.Columns;

namespace Olist.Lake.Tests;

/// <summary>Appends whose rows come one batch after the other.</summary>
public sealed class StreamedAppendTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static readonly Dictionary<string, string> SmallGroups = new() { ["write.parquet.row-group-size-bytes"] = "70000" };

    public static TheoryData<string[], string> Shapes() => new() { { [], "" }, { ["order_id"], "" }, { ["status", "quantity"], "" }, { [], "identity" }, { ["quantity"], "bucket[3]" } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_stream_becomes_the_same_rows_as_a_list(string[] order, string transform)
    {
        var lake = await TestLake.CreateAsync(TestLake.Definition with { SortOrder = order, Partitioning = transform.Length == 0 ? [] : [("status", transform)], Properties = SmallGroups });
        var random = new Random(5);
        var rows = Enumerable.Range(0, 6000).Select(i => TestLake.Order(i, random.Next(9) == 0 ? null : $"s{random.Next(4)}", random.Next(50))).ToArray();
        var snapshot = await lake.Table.CommitAsync(new TableChange { Append = [TestLake.Batch(rows[..10])], AppendStream = Stream(rows[10..]) }, Token);
        Assert.Equal("append", snapshot.Operation);
        Assert.Equal(rows.OrderBy(row => row.OrderId, StringComparer.Ordinal), await lake.ScanAsync());
    }

    /// <summary>Texts of two hundred letters shrink to a few bytes each; a stream of two batches that each have few rows is a file of many.</summary>
    [Theory, InlineData(300, 200, true), InlineData(200, 200, true), InlineData(200, 201, false), InlineData(0, 200, false)]
    public async Task Files_of_few_rows_are_not_compressed_where_the_table_says_so(int plainRows, int rows, bool isPlain)
    {
        var properties = new Dictionary<string, string> { [TableProperties.PlainRows] = plainRows.ToString(CultureInfo.InvariantCulture) };
        var lake = await TestLake.CreateAsync(TestLake.Definition with { Properties = properties });
        TestLake.Row[] listed = [.. Enumerable.Range(0, rows).Select(i => TestLake.Order(i, new string('a', 200) + i))], streamed = [.. listed.Select(row => row with { OrderId = "x" + row.OrderId[1..] })];
        var added = await lake.Table.CommitAsync(new TableChange { Append = [TestLake.Batch(listed)] }, Token);
        Assert.Equal(isPlain, BytesOf(added) > 200 * rows);
        var more = await lake.Table.CommitAsync(new TableChange { AppendStream = Stream(streamed) }, Token);
        Assert.InRange(BytesOf(more), 1, 200 * rows);
        await new LakeMaintenance(new MaintenanceOptions { MinFiles = 2 }).CompactAsync(lake.Table, Token);
        Assert.InRange(BytesOf(lake.Table.Current!), 1, 200 * rows);
        Assert.Equal([.. listed, .. streamed], await lake.ScanAsync());

        static long BytesOf(LakeSnapshot snapshot) => long.Parse(snapshot.Summary["added-files-size"], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_stream_that_fails_leaves_neither_a_snapshot_nor_a_file()
    {
        var lake = await TestLake.CreateAsync(TestLake.Definition with { SortOrder = ["order_id"], Properties = SmallGroups });
        var rows = Enumerable.Range(0, 4000).Select(i => TestLake.Order(i)).ToArray();
        await Assert.ThrowsAsync<IOException>(async () => await lake.Table.CommitAsync(new TableChange { AppendStream = Stream(rows, failAt: 3500) }, Token));
        Assert.Null((await lake.ReopenAsync()).Current);
        var left = new List<string>();
        await foreach (var file in lake.Store.ListAsync("bronze/orders/data", Token)) left.Add(file.Key);
        Assert.Empty(left);
    }

    [Fact]
    public async Task An_empty_stream_is_an_empty_append()
    {
        var lake = await TestLake.CreateAsync();
        await lake.Table.CommitAsync(new TableChange { AppendStream = Stream([]) }, Token);
        Assert.Empty(await lake.ScanAsync());
        Assert.NotNull(lake.Table.Current);
    }

    static async IAsyncEnumerable<RowBatch> Stream(TestLake.Row[] rows, int failAt = int.MaxValue)
    {
        for (var start = 0; start < rows.Length; start += 100)
        {
            await Task.Yield();
            if (start >= failAt) throw new IOException("The source of the rows went away.");
            yield return TestLake.Batch([.. rows.Skip(start).Take(100)]);
        }
    }
}
