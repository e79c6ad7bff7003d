using System.Globalization;
using Olist.Formats.Columns;
using Olist.Testing.Stores;

namespace Olist.Lake.Tests;

/// <summary>What a look-up reads: counted in bytes and requests, not timed.</summary>
public sealed class LookupCostTests
{
    const int NewestRows = 4_000, Hits = 400, Misses = 400;

    static readonly ColumnSchema[] Columns = [new(1, "order_id", DataType.String, Required: true), new(2, "product_id", DataType.String, Required: true), new(3, "note", DataType.String)];

    static CancellationToken Token => TestContext.Current.CancellationToken;

    sealed record Cost(long FirstBytes, long AgainBytes, long AgainRequests, long TableBytes);

    [Fact]
    public async Task Looking_up_recent_rows_among_absent_ones_costs_the_same_however_long_the_history_is()
    {
        var (shorter, longer) = (await MeasureAsync(12_000), await MeasureAsync(48_000));
        // Footers and filters are read once and kept; they are a small part of the table.
        Assert.True(longer.FirstBytes < longer.TableBytes / 4, $"{longer.FirstBytes} bytes of {longer.TableBytes}");
        Assert.True(longer.AgainBytes <= shorter.AgainBytes * 1.5, $"{longer.AgainBytes} bytes after {shorter.AgainBytes}");
        Assert.True(longer.AgainRequests <= shorter.AgainRequests * 1.5, $"{longer.AgainRequests} requests after {shorter.AgainRequests}");
    }

    [Fact]
    public async Task What_this_process_has_committed_is_not_read_back()
    {
        var store = new CountingStore(new MemoryObjectStore());
        var lake = await TestLake.CreateAsync(new TableDefinition(Columns) { Key = ["order_id"] }, store);
        RowBatch Rows(int first, int count) => new(Columns, [BytesColumn.Of([.. Enumerable.Range(first, count).Select(id => $"order {id}")]), BytesColumn.Of([.. Enumerable.Range(first, count).Select(ProductOf)]), BytesColumn.Of([.. Enumerable.Range(first, count).Select(id => $"note {id}")])], count);
        RowBatch Keys(int first, int count) => new([Columns[0]], [BytesColumn.Of([.. Enumerable.Range(first, count).Select(id => $"order {id}")])], count);
        await lake.Table.CommitAsync(new TableChange { Append = [Rows(0, 100)] }, Token);
        await lake.Table.LookupAsync(null, Keys(0, 10), null, Token);
        for (var commit = 1; commit <= 3; commit++)
        {
            var (_, positions) = await lake.Table.LookupAsync(null, Keys(commit, 5), null, Token);
            await lake.Table.CommitAsync(new TableChange { Append = [Rows(commit, 5)], Delete = positions, BaseSnapshotId = lake.Table.Current?.SnapshotId }, Token);
            var start = store.BytesRead;
            var opened = await lake.Catalog.GetTableAsync(lake.Table.Name, Token);
            Assert.Equal(lake.Table.Current?.SnapshotId, opened.Current?.SnapshotId);
            Assert.Equal(0, store.BytesRead - start);
            var (found, _) = await opened.LookupAsync(null, Keys(0, 100), null, Token);
            Assert.Equal(100, found.RowCount);
            // The footer of the new file, and no more: neither metadata nor manifests, rows or deletes.
            Assert.InRange(store.BytesRead - start, 1, 8_000);
        }
    }

    /// <summary>As monthly sales are: groups of one month, and some of several, among them such as have none.</summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public async Task Groups_of_one_key_are_taken_as_they_are_less_what_was_deleted_from_them(int seed)
    {
        ColumnSchema[] columns = [new(1, "product", DataType.String, Required: true), new(2, "month", DataType.String), new(3, "pieces", DataType.Long, Required: true)];
        var random = new Random(seed);
        var lake = await TestLake.CreateAsync(new TableDefinition(columns) { Key = ["product"] });
        var twin = new Dictionary<string, (string? Month, long Pieces)>();
        RowBatch Batch(IReadOnlyList<(string Product, string? Month, long Pieces)> rows) =>
            new(columns, [BytesColumn.Of([.. rows.Select(row => row.Product)]), BytesColumn.Of([.. rows.Select(row => row.Month)]), new ValueColumn<long>(DataType.Long, [.. rows.Select(row => row.Pieces)], rows.Count)], rows.Count);
        RowBatch Keys(params string?[] months) => new([columns[1]], [BytesColumn.Of(months)], months.Length);
        for (var step = 0; step < 30; step++)
        {
            // Of one month, of none, of several, with and without null.
            string?[] months = random.Next(5) switch { 0 => [null], 1 => ["2018-01", "2018-02"], 2 => ["2018-03", null], _ => [$"2018-0{random.Next(1, 5)}"] };
            var added = Enumerable.Range(0, random.Next(1, 60)).Select(i => ($"p{step}-{i}", months[random.Next(months.Length)], (long)random.Next(100))).ToList();
            var changed = twin.Where(_ => random.Next(8) == 0).Select(pair => (pair.Key, pair.Value.Month, pair.Value.Pieces + 1)).ToList();
            var gone = twin.Keys.Where(_ => random.Next(30) == 0).ToHashSet();
            string[] touched = [.. changed.Select(row => row.Key).Concat(gone).Distinct()];
            var positions = touched.Length == 0 ? null : (await lake.Table.LookupAsync(null, new RowBatch([columns[0]], [BytesColumn.Of(touched)], touched.Length), null, Token)).Positions;
            var rows = changed.Where(row => !gone.Contains(row.Key)).Select(row => (row.Key, row.Month, row.Item3)).Concat(added).ToList();
            await lake.Table.CommitAsync(new TableChange { Append = [Batch(rows)], Delete = positions, BaseSnapshotId = lake.Table.Current?.SnapshotId }, Token);
            foreach (var product in gone) twin.Remove(product);
            foreach (var (product, month, pieces) in rows) twin[product] = (month, pieces);

            var table = step % 2 == 0 ? lake.Table : await lake.ReopenAsync();
            foreach (string?[] wanted in (string?[][])[["2018-01"], ["2018-02", "2018-09"], [null], ["2018-04", null, "2018-03"], ["2017-12"]])
            {
                var (found, places) = await table.LookupAsync(null, Keys(wanted), null, Token);
                Assert.Equal(twin.Where(pair => wanted.Contains(pair.Value.Month)).Select(pair => (pair.Key, pair.Value.Month, pair.Value.Pieces)).Order(),
                    Enumerable.Range(0, found.RowCount).Select(row => (((BytesColumn)found["product"]).Find(row)!, ((BytesColumn)found["month"]).Find(row), ((ValueColumn<long>)found["pieces"]).Span[row])).Order());
                Assert.Equal(found.RowCount, places.Count);
            }
        }
    }

    /// <summary>A table in the order of arrival; looked up are some of the newest rows and keys that are nowhere, by two columns of which one is known everywhere.</summary>
    static async Task<Cost> MeasureAsync(int rows)
    {
        var store = new CountingStore(new MemoryObjectStore());
        var properties = new Dictionary<string, string>
        {
            [TableProperties.RowGroupBytes] = "131072",
            [TableProperties.BloomFilterPrefix + "order_id"] = "true",
            [TableProperties.BloomFilterFppPrefix + "order_id"] = "0.0001",
        };
        var lake = await TestLake.CreateAsync(new TableDefinition(Columns) { Key = ["order_id", "product_id"], Properties = properties }, store);
        var random = new Random(rows);
        var ids = Enumerable.Range(0, rows).Select(_ => NewId(random)).ToArray();
        var batch = new RowBatch(Columns, [BytesColumn.Of(ids), BytesColumn.Of([.. ids.Select((_, i) => ProductOf(i))]), BytesColumn.Of([.. ids.Select(id => "note about " + id)])], rows);
        var snapshot = await lake.Table.CommitAsync(new TableChange { Append = [batch] }, Token);

        var wanted = Enumerable.Range(0, Hits).Select(i => rows - 1 - i * NewestRows / Hits).Select(row => (Id: ids[row], Product: ProductOf(row)))
            .Concat(Enumerable.Range(0, Misses).Select(i => (Id: NewId(random), Product: ProductOf(i)))).ToArray();
        var keys = new RowBatch([Columns[0], Columns[1]], [BytesColumn.Of([.. wanted.Select(key => key.Id)]), BytesColumn.Of([.. wanted.Select(key => key.Product)])], wanted.Length);
        var table = await lake.ReopenAsync();
        var start = store.BytesRead;
        await LookupAsync(table, keys);
        var (first, requests) = (store.BytesRead - start, store.Requests);
        await LookupAsync(table, keys);
        return new Cost(first, store.BytesRead - start - first, store.Requests - requests, long.Parse(snapshot.Summary["added-files-size"], CultureInfo.InvariantCulture));
    }

    static async Task LookupAsync(LakeTable table, RowBatch keys)
    {
        var (found, positions) = await table.LookupAsync(null, keys, null, Token);
        Assert.Equal((Hits, Hits), (found.RowCount, positions.Count));
        Assert.Equal(Enumerable.Range(0, Hits).Select(row => ((BytesColumn)keys["order_id"]).Find(row)).Order(), Enumerable.Range(0, Hits).Select(((BytesColumn)found["order_id"]).Find).Order());
        Assert.All(Enumerable.Range(0, Hits), row => Assert.Equal("note about " + ((BytesColumn)found["order_id"]).Find(row), ((BytesColumn)found["note"]).Find(row)));
    }

    [Fact]
    public async Task What_a_table_that_is_looked_into_was_given_last_is_found_without_reading_it()
    {
        var (asked, unasked) = (await LookUpWrittenAsync(askBefore: true), await LookUpWrittenAsync(askBefore: false));
        Assert.True(unasked.Bytes > unasked.FileBytes / 2, $"{unasked.Bytes} of {unasked.FileBytes}");
        // The footer, with what lies right before it.
        Assert.True(asked.Bytes < unasked.Bytes / 4, $"{asked.Bytes} bytes after {unasked.Bytes}");
    }

    static async Task<(long Bytes, long FileBytes)> LookUpWrittenAsync(bool askBefore)
    {
        var (store, random) = (new CountingStore(new MemoryObjectStore()), new Random(5));
        var lake = await TestLake.CreateAsync(new TableDefinition(Columns) { Key = ["order_id", "product_id"] }, store);
        await lake.Table.CommitAsync(new TableChange { Append = [RowsOf(["old"])] }, Token);
        if (askBefore) await lake.Table.LookupAsync(null, RowsOf(["old"]).Select("order_id", "product_id"), null, Token);
        string[] ids = [.. Enumerable.Range(0, 16_000).Select(_ => NewId(random))];
        var snapshot = await lake.Table.CommitAsync(new TableChange { Append = [RowsOf(ids)] }, Token);

        var before = store.BytesRead;
        var wanted = RowsOf([ids[7], NewId(random), ids[15_999]]);
        var (found, positions) = await lake.Table.LookupAsync(null, wanted.Select("order_id"), null, Token);
        Assert.Equal([ids[7], ids[15_999]], Enumerable.Range(0, found.RowCount).Select(((BytesColumn)found["order_id"]).Find));
        Assert.Equal(["note about " + ids[7], "note about " + ids[15_999]], Enumerable.Range(0, found.RowCount).Select(((BytesColumn)found["note"]).Find));
        Assert.Equal(2, positions.Count);
        return (store.BytesRead - before, long.Parse(snapshot.Summary["added-files-size"], CultureInfo.InvariantCulture));
    }

    static RowBatch RowsOf(string[] ids) => new(Columns, [BytesColumn.Of(ids), BytesColumn.Of([.. ids.Select((_, i) => ProductOf(i))]), BytesColumn.Of([.. ids.Select(id => "note about " + id)])], ids.Length);

    [Fact]
    public async Task Old_rows_that_are_asked_for_again_and_again_are_read_twice()
    {
        var (store, random) = (new CountingStore(new MemoryObjectStore()), new Random(6));
        var lake = await TestLake.CreateAsync(new TableDefinition(Columns) { Key = ["order_id", "product_id"] }, store);
        string[] ids = [.. Enumerable.Range(0, 60_000).Select(_ => NewId(random))];
        await lake.Table.CommitAsync(new TableChange { Append = [RowsOf(ids)] }, Token);
        var bytes = new List<long>();
        foreach (var row in new[] { 100, 30_000, 59_000, 200 })
        {
            var before = store.BytesRead;
            var (found, positions) = await lake.Table.LookupAsync(null, RowsOf([ids[row]]).Select("order_id"), null, Token);
            Assert.Equal("note about " + ids[row], ((BytesColumn)found["note"]).Find(0));
            Assert.Equal(1, positions.Count);
            bytes.Add(store.BytesRead - before);
        }
        Assert.True(bytes[0] > 0 && bytes[1] > 0, $"{bytes[0]}, {bytes[1]}");
        Assert.Equal([0L, 0L], bytes[2..]);
    }

    static string ProductOf(int row) => "product " + (row % 50).ToString(CultureInfo.InvariantCulture);

    static string NewId(Random random) => $"{random.NextInt64():x16}{random.NextInt64():x16}";
}
