using Olist.Formats.Columns;
using Olist.Testing.Stores;

namespace Olist.Lake.Tests;

/// <summary>Look-ups against a plain walk over the rows, when nothing, all, or only some of what they need is kept from earlier ones.</summary>
public sealed class KeyPlacesTests
{
    static readonly ColumnSchema[] Columns = [new(1, "id", DataType.String, Required: true), new(2, "number", DataType.Long), new(3, "note", DataType.String), new(4, "price", DataType.Double)];

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, InlineData(128 << 20), InlineData(40_000), InlineData(0)]
    public async Task Random_look_ups_find_what_a_walk_over_all_rows_finds(int cacheBytes)
    {
        var random = new Random(cacheBytes + 1);
        var definition = new TableDefinition(Columns) { Properties = new Dictionary<string, string> { [TableProperties.RowGroupBytes] = "65536", [TableProperties.BloomFilterPrefix + "id"] = "true" } };
        var catalog = await LakeCatalog.OpenAsync(new MemoryObjectStore(), TimeProvider.System, new LakeOptions { LookupCacheBytes = cacheBytes }, Token);
        var table = await catalog.EnsureTableAsync(TestLake.Name, definition, Token);
        var rows = new List<(string Id, long? Number, string? Note, double? Price)>();
        for (var part = 0; part < 6; part++)
        {
            // A few popular ids, nulls, and files of very different size.
            var added = Enumerable.Range(0, random.Next(1, 6_000)).Select(_ => (Id: random.Next(4) == 0 ? $"popular {random.Next(5)}" : $"{random.NextInt64():x16}",
                Number: random.Next(5) == 0 ? (long?)null : random.Next(300), Note: random.Next(5) == 0 ? null : $"note {random.Next(1000)}", Price: random.Next(9) == 0 ? (double?)null : random.Next(7) / 2.0)).ToArray();
            await table.CommitAsync(new TableChange { Append = [Batch(added)] }, Token);
            rows.AddRange(added);
            for (var look = 0; look < 6; look++)
            {
                var wanted = Enumerable.Range(0, random.Next(1, look == 0 ? 9_000 : 60)).Select(_ => random.Next(3) == 0 ? ($"{random.NextInt64():x16}", random.Next(300), null, null) : rows[random.Next(rows.Count)]).ToArray();
                await CheckAsync(table, rows, wanted, ["id"], row => row.Id);
                await CheckAsync(table, rows, wanted, ["id", "number"], row => (row.Id, row.Number));
                await CheckAsync(table, rows, wanted, ["price", "note"], row => (row.Price, row.Note));
            }
            if (part % 2 == 1)
            {
                var gone = rows[random.Next(rows.Count)].Id;
                var (_, positions) = await table.LookupAsync(null, Batch([(gone, null, null, null)]).Select(["id"]), null, Token);
                await table.CommitAsync(new TableChange { Delete = positions, BaseSnapshotId = table.Current!.SnapshotId }, Token);
                rows.RemoveAll(row => row.Id == gone);
            }
        }
    }

    static async Task CheckAsync<TKey>(LakeTable table, List<(string Id, long? Number, string? Note, double? Price)> rows,
        (string Id, long? Number, string? Note, double? Price)[] wanted, string[] key, Func<(string Id, long? Number, string? Note, double? Price), TKey> keyOf)
    {
        var keys = wanted.Select(keyOf).ToHashSet();
        var (found, positions) = await table.LookupAsync(null, Batch(wanted).Select(key), null, Token);
        Assert.Equal(found.RowCount, positions.Count);
        Assert.Equal(rows.Where(row => keys.Contains(keyOf(row))).Order(), Rows(found).Order());
    }

    static RowBatch Batch((string Id, long? Number, string? Note, double? Price)[] rows)
    {
        var builder = new RowBatchBuilder(Columns, rows.Length);
        foreach (var (id, number, note, price) in rows)
        {
            builder.Bytes(0).Append(id);
            if (number is { } known) builder.Longs(1).Append(known);
            else builder.Longs(1).AppendNull();
            if (note is not null) builder.Bytes(2).Append(note);
            else builder.Bytes(2).AppendNull();
            var prices = (ValueBuilder<double>)builder.Columns[3];
            if (price is { } amount) prices.Append(amount);
            else prices.AppendNull();
        }
        return builder.Build();
    }

    static IEnumerable<(string Id, long? Number, string? Note, double? Price)> Rows(RowBatch batch)
    {
        var (id, number, note, price) = (batch.Bytes("id"), batch.Longs("number"), batch.Bytes("note"), batch.Doubles("price"));
        for (var row = 0; row < batch.RowCount; row++) yield return (id.Find(row)!, number.Find(row), note.Find(row), price.Find(row));
    }
}
