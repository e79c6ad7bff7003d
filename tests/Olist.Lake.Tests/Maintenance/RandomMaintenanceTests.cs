using Olist.Storage;
using Olist.Testing.Stores;
using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests.Maintenance;

/// <summary>Random sequences of commits, maintenance and incremental reads against a plain dictionary and a plain copy that follows by incremental reads. A failing case names its seed.</summary>
public sealed class RandomMaintenanceTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static readonly (string, string)[][] Layouts = [[], [("order_id", "bucket[3]")], [("status", "identity")]];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 10)];

    readonly SteppedClock _clock = new();
    readonly SortedDictionary<string, Row> _model = new(StringComparer.Ordinal);
    readonly List<(long Id, Row[] Rows)> _history = [];
    // A reader that follows: what it has, and where it stands. Deletions do not come to it, so the model's are taken from the snapshots it passes.
    readonly Dictionary<string, Row> _copy = new(StringComparer.Ordinal);
    long? _watermark;

    [Theory, MemberData(nameof(Seeds))]
    public async Task A_maintained_table_is_what_a_dictionary_is(int seed)
    {
        var random = new Random(seed);
        var definition = Definition with
        {
            Partitioning = Layouts[random.Next(Layouts.Length)],
            SortOrder = random.Next(2) == 0 ? [] : ["status", "order_id"],
            Properties = new Dictionary<string, string> { [TableProperties.ManifestsToMerge] = $"{2 + random.Next(5)}", [TableProperties.PreviousVersionsMax] = $"{1 + random.Next(5)}" },
        };
        var inner = new MemoryObjectStore(time: _clock);
        var faulty = new FaultyStore(inner);
        var lake = await CreateAsync(definition, faulty, seed, _clock);
        var table = lake.Table;
        for (var step = 0; step < 50; step++)
        {
            _clock.Go(TimeSpan.FromMinutes(1 + random.Next(10)));
            var operation = random.Next(10);
            var before = table.Current?.SnapshotId;
            if (random.Next(5) == 0)
            {
                var at = faulty.Calls + 1 + random.Next(25);
                var fault = (Fault)random.Next(1, 3);
                faulty.Faults = call => call.Number == at ? fault : Fault.None;
            }
            try
            {
                await StepAsync(table, operation, random);
            }
            catch (Exception e) when (e is StoreException or LakeException and not IncrementalReadException)
            {
                // The process dies and starts again: what it finds decides whether the step happened.
                faulty.Faults = _ => Fault.None;
                table = await lake.Catalog.GetTableAsync(Name, Token);
                if (table.Current?.SnapshotId == before) Reset(_history.Count == 0 ? [] : _history[^1].Rows);
            }
            faulty.Faults = _ => Fault.None;
            await table.RefreshAsync(Token);
            if (table.Current is { } now && now.SnapshotId != before) _history.Add((now.SnapshotId, [.. _model.Values]));
            Assert.True(_model.Values.SequenceEqual(await TestLake.ScanAsync(table)), $"seed {seed}, step {step}, operation {operation}");
        }
        foreach (var (id, rows) in _history.Where(state => table.FindSnapshot(state.Id) is not null))
            Assert.True(rows.SequenceEqual(await TestLake.ScanAsync(table, id)), $"seed {seed}, snapshot {id}");
        await FinishAsync(lake, table);
    }

    /// <summary>At the end everything is tidied up at once, and nothing is left over.</summary>
    async Task FinishAsync(TestLake lake, LakeTable table)
    {
        _clock.Go(TimeSpan.FromDays(30));
        var thorough = new LakeMaintenance(new MaintenanceOptions { MinFiles = 2, DeletedRatio = 0, OrphanAge = TimeSpan.FromMinutes(1), MaxSnapshotAge = TimeSpan.Zero, KeepSummaryPrefixes = [] });
        await thorough.CompactAsync(table, Token);
        await thorough.ExpireAsync(table, Token);
        _clock.Go(TimeSpan.FromHours(1));
        await thorough.RemoveOrphansAsync(table, Token);
        table = await lake.Catalog.GetTableAsync(Name, Token);
        Assert.True(_model.Values.SequenceEqual(await TestLake.ScanAsync(table)));
        if (table.Current is not { } head) return;
        Assert.Single(table.Snapshots);
        var files = new List<string>();
        await foreach (var info in lake.Store.ListAsync("bronze/orders/data/", Token)) files.Add(info.Key);
        Assert.Equal(int.Parse(head.Summary["total-data-files"], System.Globalization.CultureInfo.InvariantCulture), files.Count);
        Assert.Equal($"{_model.Count}", head.Summary["total-records"]);
        Assert.Equal("0", head.Summary["total-delete-files"]);
    }

    void Reset(IEnumerable<Row> rows)
    {
        _model.Clear();
        foreach (var row in rows) _model[row.OrderId] = row;
    }

    async Task StepAsync(LakeTable table, int operation, Random random)
    {
        var keep = _watermark is { } mark ? new Dictionary<TableName, IReadOnlyCollection<long>> { [Name] = [mark] } : [];
        var maintenance = new LakeMaintenance(new MaintenanceOptions
        {
            MinFiles = 2 + random.Next(3), DeletedRatio = random.NextDouble() / 2, MaxSnapshotAge = TimeSpan.FromMinutes(random.Next(60)), MinSnapshots = 1 + random.Next(3),
            OrphanAge = TimeSpan.FromMinutes(1), KeepSnapshots = keep, Tiered = random.Next(2) == 0, TierFiles = 2 + random.Next(3), MaxSmallFiles = random.Next(8),
        });
        switch (operation)
        {
            case < 3: await AppendAsync(table, random); break;
            case < 6: await MergeAsync(table, random); break;
            case 6: await maintenance.CompactAsync(table, Token); break;
            case 7: await maintenance.ExpireAsync(table, Token); break;
            case 8 when random.Next(3) == 0: await RollBackAsync(table, random); break;
            case 8: await maintenance.RemoveOrphansAsync(table, Token); break;
            default: await FollowAsync(table); break;
        }
    }

    static Row RandomRow(int id, Random random) => Order(id, random.Next(8) == 0 ? null : $"s{random.Next(4)}", random.Next(30));

    async Task AppendAsync(LakeTable table, Random random)
    {
        var rows = Enumerable.Range(0, 1 + random.Next(20)).Select(_ => RandomRow(random.Next(100_000), random)).DistinctBy(row => row.OrderId).Where(row => !_model.ContainsKey(row.OrderId)).ToArray();
        foreach (var row in rows) _model[row.OrderId] = row;
        await table.CommitAsync(new TableChange { Append = [Batch(rows)] }, Token);
    }

    async Task MergeAsync(LakeTable table, Random random)
    {
        var known = _model.Keys.Where(_ => random.Next(4) == 0).Take(20).Select(key => RandomRow(Convert.ToInt32(key, 16), random));
        var rows = known.Append(RandomRow(random.Next(100_000), random)).DistinctBy(row => row.OrderId).ToArray();
        var deletes = _model.Keys.Where(_ => random.Next(20) == 0).Except(rows.Select(row => row.OrderId)).ToArray();
        foreach (var key in deletes) _model.Remove(key);
        foreach (var row in rows) _model[row.OrderId] = row;
        await UpsertAsync(table, rows, deletes);
    }

    async Task RollBackAsync(LakeTable table, Random random)
    {
        await table.RefreshAsync(Token);
        var line = new List<LakeSnapshot>();
        for (var at = table.Current; at is not null; at = at.ParentId is { } parent ? table.FindSnapshot(parent) : null) line.Add(at);
        if (line.Count < 2) return;
        var target = line[1 + random.Next(Math.Min(3, line.Count - 1))].SnapshotId;
        if (_history.All(state => state.Id != target)) return; // of a commit that a fault cut off
        Reset(_history.Last(state => state.Id == target).Rows);
        await LakeMaintenance.RollBackAsync(table, target, Token);
    }

    /// <summary>Reads on from the watermark; after a rollback in full.</summary>
    async Task FollowAsync(LakeTable table)
    {
        await table.RefreshAsync(Token);
        if (table.Current is not { } head) return;
        try
        {
            var added = Rows(await table.ReadAddedAsync(_watermark, head.SnapshotId, null, Token));
            Assert.Equal(added.Count, added.DistinctBy(row => row.OrderId).Count());
            foreach (var row in added) _copy[row.OrderId] = row;
        }
        catch (IncrementalReadException e) when (e.Failure == IncrementalReadFailure.RolledBack)
        {
            _copy.Clear();
            foreach (var row in Rows(await table.ReadAddedAsync(null, head.SnapshotId, null, Token))) _copy[row.OrderId] = row;
        }
        _watermark = head.SnapshotId;
        foreach (var gone in _copy.Keys.Where(key => !_model.ContainsKey(key)).ToArray()) _copy.Remove(gone);
        Assert.Equal(_model.Values, _copy.Values.OrderBy(row => row.OrderId, StringComparer.Ordinal));
    }
}
