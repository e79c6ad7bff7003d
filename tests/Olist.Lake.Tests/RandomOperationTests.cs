using Olist.Storage;
using Olist.Testing.Stores;
using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests;

/// <summary>Random sequences of operations on a table and on a plain dictionary: the same rows, now and as of every earlier snapshot. A failing case names its seed.</summary>
public sealed class RandomOperationTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static readonly (string, string)[][] Layouts = [[], [("order_id", "bucket[3]")], [("at", "day")], [("status", "identity"), ("quantity", "truncate[5]")]];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 24)];

    [Theory, MemberData(nameof(Seeds))]
    public async Task A_table_is_what_a_dictionary_is(int seed)
    {
        var random = new Random(seed);
        var definition = Definition with
        {
            Partitioning = Layouts[random.Next(Layouts.Length)],
            SortOrder = random.Next(2) == 0 ? [] : ["status", "order_id"],
            Properties = new Dictionary<string, string> { [TableProperties.ManifestsToMerge] = $"{2 + random.Next(5)}", [TableProperties.PreviousVersionsMax] = $"{1 + random.Next(5)}" },
        };
        var faulty = new FaultyStore(new MemoryObjectStore());
        var lake = await CreateAsync(definition, faulty, seed);
        var model = new SortedDictionary<string, Row>(StringComparer.Ordinal);
        var history = new List<(long? Snapshot, Row[] Rows)> { (null, []) };
        var table = lake.Table;
        for (var step = 0; step < 60; step++)
        {
            var next = random.Next(10);
            var before = table.Current?.SnapshotId;
            if (random.Next(6) == 0) InjectFault(faulty, random);
            try
            {
                if (next < 3) await AppendNewAsync(table, model, random);
                else if (next < 7) await MergeAsync(table, model, random);
                else if (next < 8) await DeleteAsync(table, model, random);
                else if (next < 9) table = await lake.ReopenAsync(faulty);
                else await CheckLookupAsync(table, model, random);
            }
            catch (Exception e) when (e is StoreException or CommitStateUnknownException)
            {
                // The process dies and starts again: what it finds decides whether the step happened.
                faulty.Faults = _ => Fault.None;
                table = await lake.ReopenAsync(faulty);
                if (table.Current?.SnapshotId == before) Undo(model, history[^1].Rows);
            }
            faulty.Faults = _ => Fault.None;
            if (table.Current?.SnapshotId != before) history.Add((table.Current!.SnapshotId, [.. model.Values]));
            Assert.True(model.Values.SequenceEqual(await TestLake.ScanAsync(table)), $"seed {seed}, step {step}, operation {next}");
        }
        await CheckHistoryAsync(table, history, random, seed);
    }

    static void InjectFault(FaultyStore faulty, Random random)
    {
        var at = faulty.Writes + 1 + random.Next(5);
        var fault = (Fault)random.Next(1, 3);
        faulty.Faults = call => call.WriteNumber == at ? fault : Fault.None;
    }

    static void Undo(SortedDictionary<string, Row> model, Row[] rows)
    {
        model.Clear();
        foreach (var row in rows) model[row.OrderId] = row;
    }

    static Row RandomRow(int id, Random random) =>
        Order(id, random.Next(8) == 0 ? null : $"s{random.Next(4)}", random.Next(30)) with { At = random.Next(9) == 0 ? null : random.NextInt64(-1_000_000_000_000, 1_000_000_000_000) };

    static async Task AppendNewAsync(LakeTable table, SortedDictionary<string, Row> model, Random random)
    {
        var rows = Enumerable.Range(0, 1 + random.Next(30)).Select(_ => RandomRow(random.Next(100_000), random)).DistinctBy(row => row.OrderId).Where(row => !model.ContainsKey(row.OrderId)).ToArray();
        foreach (var row in rows) model[row.OrderId] = row;
        var half = random.Next(rows.Length + 1);
        await table.CommitAsync(new TableChange { Append = [Batch(rows[..half]), Batch(rows[half..])] }, Token);
    }

    static async Task MergeAsync(LakeTable table, SortedDictionary<string, Row> model, Random random)
    {
        var known = model.Keys.Where(_ => random.Next(4) == 0).Take(20).Select(key => RandomRow(Convert.ToInt32(key, 16), random));
        var rows = known.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => RandomRow(random.Next(100_000), random))).DistinctBy(row => row.OrderId).ToArray();
        var deletes = model.Keys.Where(_ => random.Next(20) == 0).Except(rows.Select(row => row.OrderId)).ToArray();
        foreach (var key in deletes) model.Remove(key);
        foreach (var row in rows) model[row.OrderId] = row;
        await UpsertAsync(table, rows, deletes);
    }

    static async Task DeleteAsync(LakeTable table, SortedDictionary<string, Row> model, Random random)
    {
        var deletes = model.Keys.Where(_ => random.Next(10) == 0).ToArray();
        foreach (var key in deletes) model.Remove(key);
        await UpsertAsync(table, [], deletes);
    }

    static async Task CheckLookupAsync(LakeTable table, SortedDictionary<string, Row> model, Random random)
    {
        var keys = model.Keys.Where(_ => random.Next(5) == 0).Append("nobody").ToArray();
        var (rows, positions) = await table.LookupAsync(null, Keys(keys), null, Token);
        Assert.Equal(model.Where(pair => keys.Contains(pair.Key)).Select(pair => pair.Value), Rows(rows).OrderBy(row => row.OrderId, StringComparer.Ordinal));
        Assert.Equal(rows.RowCount, positions.Count);
    }

    static async Task CheckHistoryAsync(LakeTable table, List<(long? Snapshot, Row[] Rows)> history, Random random, int seed)
    {
        foreach (var (snapshot, rows) in history.Skip(1))
            Assert.True(rows.SequenceEqual(await TestLake.ScanAsync(table, snapshot)), $"seed {seed}, snapshot {snapshot}");
        for (var i = 0; i < 10 && history.Count > 2; i++)
        {
            var from = 1 + random.Next(history.Count - 1);
            var to = from + random.Next(history.Count - from);
            var added = Rows(await table.ReadAddedAsync(history[from].Snapshot, history[to].Snapshot!.Value, null, Token));
            Assert.Equal(added.Count, added.DistinctBy(row => row.OrderId).Count());
            // What was added is a part of the end, and taken into the start it makes up for every difference but deletions.
            var end = history[to].Rows.ToDictionary(row => row.OrderId);
            foreach (var row in added) Assert.Equal(end[row.OrderId], row);
            var missing = end.Values.Except(history[from].Rows).Except(added);
            Assert.True(!missing.Any(), $"seed {seed}, {from} to {to}: {missing.FirstOrDefault()}");
        }
    }
}
