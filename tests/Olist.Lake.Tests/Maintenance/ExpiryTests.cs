using Olist.Storage;
using Olist.Testing.Stores;
using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests.Maintenance;

public sealed class ExpiryTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static readonly MaintenanceOptions Options = new() { MaxSnapshotAge = TimeSpan.FromHours(1), MinFiles = 2, DeletedRatio = 0, OrphanAge = TimeSpan.Zero };

    /// <summary>One snapshot every ten minutes: 1 appended, 2 appended, 2 changed, compacted, 3 appended, 3 removed.</summary>
    static async Task<(TestLake Lake, SteppedClock Clock, long[] Ids)> HistoryAsync(IObjectStore? store = null, SteppedClock? clock = null)
    {
        clock ??= new SteppedClock();
        var lake = await CreateAsync(store: store ?? new MemoryObjectStore(time: clock), time: clock);
        Func<Task>[] steps =
        [
            async () => await lake.AppendAsync(Order(1, "a")), async () => await lake.AppendAsync(Order(2, "a")), () => UpsertAsync(lake.Table, [Order(2, "b")]),
            async () => await new LakeMaintenance(Options).CompactAsync(lake.Table, Token), async () => await lake.AppendAsync(Order(3, "a")), () => UpsertAsync(lake.Table, [], [Order(3).OrderId]),
        ];
        foreach (var step in steps)
        {
            clock.Go(TimeSpan.FromMinutes(10));
            await step();
        }
        return (lake, clock, [.. lake.Table.Snapshots.Select(snapshot => snapshot.SnapshotId)]);
    }

    static async Task<IReadOnlyList<ObjectInfo>> LooseAsync(TestLake lake, SteppedClock clock)
    {
        clock.Go(TimeSpan.FromSeconds(1));
        return (await new LakeMaintenance(Options with { DryRun = true }).RemoveOrphansAsync(await lake.Catalog.GetTableAsync(Name, Token), Token)).Orphans;
    }

    [Fact]
    public async Task Snapshots_go_by_age_and_their_files_with_them()
    {
        var (lake, clock, ids) = await HistoryAsync();
        clock.Go(TimeSpan.FromMinutes(25));
        var dry = await new LakeMaintenance(Options with { DryRun = true }).ExpireAsync(lake.Table, Token);
        Assert.Equal(ids[..2], dry.Removed);
        Assert.Equal(6, lake.Table.Snapshots.Count);
        var rows = new List<List<Row>>();
        foreach (var id in ids[2..]) rows.Add(await lake.ScanAsync(id));
        var result = await new LakeMaintenance(Options).ExpireAsync(lake.Table, Token);
        Assert.Equal((ids[..2].Length, 2), (result.Removed.Count, result.ManifestListsRemoved));
        // The files of both appends are still needed by the merge after them.
        Assert.Equal(0, result.DataFilesRemoved);
        Assert.Equal(ids[2..], lake.Table.Snapshots.Select(snapshot => snapshot.SnapshotId));
        for (var i = 2; i < 6; i++) Assert.Equal(rows[i - 2], await lake.ScanAsync(ids[i]));
        Assert.Empty(await LooseAsync(lake, clock));
        clock.Go(TimeSpan.FromMinutes(20));
        result = await new LakeMaintenance(Options).ExpireAsync(lake.Table, Token);
        Assert.Equal((2, 4), (result.Removed.Count, result.DataFilesRemoved));
        Assert.Empty(await LooseAsync(lake, clock));
        // However old, the newest stays.
        clock.Go(TimeSpan.FromDays(400));
        await new LakeMaintenance(Options).ExpireAsync(lake.Table, Token);
        Assert.Equal([Order(1, "a"), Order(2, "b")], await TestLake.ScanAsync(await lake.Catalog.GetTableAsync(Name, Token)));
        Assert.Equal(ids[5], Assert.Single(lake.Table.Snapshots).SnapshotId);
        Assert.Empty(await LooseAsync(lake, clock));
        Assert.Throws<LakeException>(() => lake.Table.SnapshotAsOf(clock.GetUtcNow() - TimeSpan.FromDays(401)));
        Assert.False((await new LakeMaintenance(Options).ExpireAsync(lake.Table, Token)).Removed.Any());
    }

    [Fact]
    public async Task A_minimum_count_stays_and_properties_say_the_rest()
    {
        var (lake, clock, ids) = await HistoryAsync();
        clock.Go(TimeSpan.FromDays(4));
        Assert.Empty((await new LakeMaintenance(new MaintenanceOptions()).ExpireAsync(lake.Table, Token)).Removed);
        clock.Go(TimeSpan.FromDays(2));
        await new LakeMaintenance(new MaintenanceOptions { MinSnapshots = 3 }).ExpireAsync(lake.Table, Token);
        Assert.Equal(ids[3..], lake.Table.Snapshots.Select(snapshot => snapshot.SnapshotId));
        await MetadataEditor.EditAsync(lake, text => text.Replace("\"properties\":{", "\"properties\":{\"gc.enabled\":\"false\",", StringComparison.Ordinal));
        var table = await lake.Catalog.GetTableAsync(Name, Token);
        Assert.Contains("gc.enabled", (await Assert.ThrowsAsync<LakeException>(async () => await new LakeMaintenance(Options).ExpireAsync(table, Token))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LakeException>(async () => await new LakeMaintenance(Options).RemoveOrphansAsync(table, Token));
    }

    [Fact]
    public async Task What_a_reader_will_go_on_from_stays_with_all_after_it()
    {
        var (lake, clock, ids) = await HistoryAsync();
        clock.Go(TimeSpan.FromDays(9));
        var keep = Options with { KeepSnapshots = new Dictionary<TableName, IReadOnlyCollection<long>> { [Name] = [ids[1]] } };
        await new LakeMaintenance(keep).ExpireAsync(lake.Table, Token);
        Assert.Equal(ids[1..], lake.Table.Snapshots.Select(snapshot => snapshot.SnapshotId));
        Assert.Equal([Order(2, "b")], Rows(await lake.Table.ReadAddedAsync(ids[1], ids[5], null, Token)));
        // One whose own snapshot has gone needs the one right after it.
        await new LakeMaintenance(Options with { KeepSnapshots = new Dictionary<TableName, IReadOnlyCollection<long>> { [Name] = [ids[0]] } }).ExpireAsync(lake.Table, Token);
        Assert.Equal(ids[1..], lake.Table.Snapshots.Select(snapshot => snapshot.SnapshotId));
        Assert.Equal([Order(2, "b")], Rows(await lake.Table.ReadAddedAsync(ids[0], ids[5], null, Token)));
        await new LakeMaintenance(Options).ExpireAsync(lake.Table, Token);
        var error = await Assert.ThrowsAsync<IncrementalReadException>(async () => await lake.Table.ReadAddedAsync(ids[1], ids[5], null, Token));
        Assert.Equal(IncrementalReadFailure.Expired, error.Failure);
    }

    [Fact]
    public async Task Tags_and_branches_keep_their_snapshots_until_they_are_too_old_themselves()
    {
        var (lake, clock, ids) = await HistoryAsync();
        await MetadataEditor.EditAsync(lake, text => text.Replace("\"refs\":{", $"\"refs\":{{\"year\":{{\"snapshot-id\":{ids[2]},\"type\":\"tag\",\"max-ref-age-ms\":864000000}},\"side\":{{\"snapshot-id\":{ids[1]},\"type\":\"branch\",\"min-snapshots-to-keep\":2}},", StringComparison.Ordinal));
        var table = await lake.Catalog.GetTableAsync(Name, Token);
        clock.Go(TimeSpan.FromDays(1));
        await new LakeMaintenance(Options).ExpireAsync(table, Token);
        Assert.Equal([ids[0], ids[1], ids[2], ids[5]], table.Snapshots.Select(snapshot => snapshot.SnapshotId));
        Assert.Equal([Order(1, "a"), Order(2, "b")], await TestLake.ScanAsync(table, ids[2]));
        Assert.Empty(await LooseAsync(lake, clock));
        clock.Go(TimeSpan.FromDays(10));
        Assert.Equal(["year"], (await new LakeMaintenance(Options).ExpireAsync(table, Token)).RemovedRefs);
        Assert.Equal([ids[0], ids[1], ids[5]], table.Snapshots.Select(snapshot => snapshot.SnapshotId));
        Assert.Equal([Order(1, "a")], await TestLake.ScanAsync(await lake.Catalog.GetTableAsync(Name, Token), ids[0]));
    }

    [Fact]
    public async Task Offsets_and_watermarks_of_expired_snapshots_stay_in_reach()
    {
        var clock = new SteppedClock();
        var lake = await CreateAsync(store: new MemoryObjectStore(time: clock), time: clock);
        await lake.Table.CommitAsync(new TableChange { Append = [Batch(Order(1))], Summary = new Dictionary<string, string> { ["olist.offsets"] = "{\"0\":1}", ["olist.log"] = "L", ["other"] = "x" } }, Token);
        await lake.Table.CommitAsync(new TableChange { Append = [Batch(Order(2))], Summary = new Dictionary<string, string> { ["olist.offsets"] = "{\"0\":2}" } }, Token);
        await lake.AppendAsync(Order(3));
        clock.Go(TimeSpan.FromDays(1));
        var result = await new LakeMaintenance(Options).ExpireAsync(lake.Table, Token);
        var table = await lake.Catalog.GetTableAsync(Name, Token);
        Assert.Equal((2, 1), (result.Removed.Count, table.Snapshots.Count));
        Assert.Equal(("{\"0\":2}", "L", null), (table.FindSummaryEntry("olist.offsets"), table.FindSummaryEntry("olist.log"), table.FindSummaryEntry("other")));
        Assert.Equal([("olist.log", "L"), ("olist.offsets", "{\"0\":2}")],
            table.FindSummaryEntries("olist.", table.Current!.SnapshotId).Where(entry => entry.Key is not ("olist.commit-id" or "olist.merge")).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value)));
        Assert.Empty(table.FindSummaryEntries("other", table.Current.SnapshotId));
        Assert.Equal(3, (await TestLake.ScanAsync(table)).Count);
        clock.Go(TimeSpan.FromDays(1));
        Assert.Empty((await new LakeMaintenance(Options).ExpireAsync(table, Token)).Removed);
    }

    [Fact]
    public async Task Main_moved_back_after_an_expiry_goes_on_from_the_offsets_of_that_time()
    {
        var clock = new SteppedClock();
        var lake = await CreateAsync(store: new MemoryObjectStore(time: clock), time: clock);
        static TableChange Change(int id, string? offsets) => new() { Append = [Batch(Order(id))], Summary = offsets is null ? new Dictionary<string, string>() : new() { ["olist.offsets"] = offsets } };
        await lake.Table.CommitAsync(Change(1, "1"), Token);
        await lake.Table.References.CreateTagAsync("first", cancellationToken: Token);
        await lake.Table.CommitAsync(Change(2, "2"), Token);
        clock.Go(TimeSpan.FromDays(1));
        var quiet = await lake.Table.CommitAsync(Change(3, null), Token);
        var later = await lake.Table.CommitAsync(Change(4, "4"), Token);
        Assert.Single((await new LakeMaintenance(Options).ExpireAsync(lake.Table, Token)).Removed);
        Assert.Equal(["1", "2", "4"], lake.Table.Snapshots.Select(snapshot => lake.Table.FindSummaryEntry("olist.offsets", snapshot.SnapshotId)));
        await LakeMaintenance.RollBackAsync(lake.Table, quiet.SnapshotId, Token);
        var table = await lake.Catalog.GetTableAsync(Name, Token);
        Assert.Equal("2", table.FindSummaryEntry("olist.offsets"));
        // And a commit on top sees the same, also once that snapshot has gone too.
        string? seen = null;
        await table.CommitAsync(new TableChange { Append = [Batch(Order(5))], SummaryOf = head => new Dictionary<string, string> { ["seen"] = seen = head.FindSummaryEntry("olist.offsets")! } }, Token);
        clock.Go(TimeSpan.FromDays(1));
        await table.CommitAsync(Change(6, null), Token);
        await new LakeMaintenance(Options).ExpireAsync(table, Token);
        Assert.DoesNotContain(table.Snapshots, snapshot => snapshot.SnapshotId == quiet.SnapshotId || snapshot.SnapshotId == later.SnapshotId);
        Assert.Equal(("2", "2", "1"), (seen, table.FindSummaryEntry("olist.offsets"), table.FindSummaryEntry("olist.offsets", table.References.Find("first")!.SnapshotId)));
        Assert.Equal([1, 2, 3, 5, 6], (await TestLake.ScanAsync(table)).Select(row => int.Parse(row.OrderId.AsSpan(^4..), System.Globalization.CultureInfo.InvariantCulture)).Order());
        // What nobody keeps leaves no note.
        Assert.Contains(TableProperties.ExpiredEntries, table.Properties.Keys);
        clock.Go(TimeSpan.FromDays(1));
        await table.CommitAsync(Change(7, "7"), Token);
        await new LakeMaintenance(Options with { KeepSummaryPrefixes = [] }).ExpireAsync(table, Token);
        Assert.DoesNotContain(TableProperties.ExpiredEntries, table.Properties.Keys);
        Assert.Equal("7", table.FindSummaryEntry("olist.offsets"));
    }

    [Fact]
    public async Task The_note_of_expired_offsets_is_not_to_be_touched_and_damage_is_named()
    {
        var clock = new SteppedClock();
        var lake = await CreateAsync(store: new MemoryObjectStore(time: clock), time: clock);
        foreach (var evolve in (Action<TableEvolution>[])[e => e.SetProperty(TableProperties.ExpiredEntries, "{}"), e => e.RemoveProperty(TableProperties.ExpiredEntries)])
            Assert.Contains("kept by expiry", (await Assert.ThrowsAsync<EvolutionException>(async () => await lake.Table.EvolveAsync(evolve, Token))).Message, StringComparison.Ordinal);
        await lake.AppendAsync(Order(1));
        var kept = await lake.AppendAsync(Order(2));
        await MetadataEditor.EditAsync(lake, text => text.Replace("\"properties\":{", "\"properties\":{\"olist.expired-entries\":\"[7]\",", StringComparison.Ordinal));
        clock.Go(TimeSpan.FromDays(1));
        var table = await lake.Catalog.GetTableAsync(Name, Token);
        Assert.Null(table.FindSummaryEntry("olist.offsets"));
        await Assert.ThrowsAsync<CorruptTableException>(async () => await new LakeMaintenance(Options).ExpireAsync(table, Token));
        Assert.Equal(kept.SnapshotId, (await lake.Catalog.GetTableAsync(Name, Token)).Current!.SnapshotId);
    }

    [Fact]
    public async Task Rolled_back_rows_stay_in_reach_for_their_time_and_a_reader_is_told()
    {
        var (lake, clock, ids) = await HistoryAsync();
        Assert.Equal(ids[5], await LakeMaintenance.RollBackAsync(lake.Table, ids[1], Token));
        Assert.Equal([Order(1, "a"), Order(2, "a")], await TestLake.ScanAsync(await lake.Catalog.GetTableAsync(Name, Token)));
        Assert.Equal((6, ids[1], ids[1]), (lake.Table.Snapshots.Count, lake.Table.Current!.SnapshotId, lake.Table.SnapshotAsOf(clock.GetUtcNow() + TimeSpan.FromMinutes(1)).SnapshotId));
        Assert.Equal(ids[4], lake.Table.SnapshotAsOf(clock.GetUtcNow() - TimeSpan.FromMinutes(5)).SnapshotId);
        await Assert.ThrowsAsync<LakeException>(async () => await LakeMaintenance.RollBackAsync(lake.Table, ids[4], Token));
        await Assert.ThrowsAsync<LakeException>(async () => await LakeMaintenance.RollBackAsync(lake.Table, 12345, Token));
        clock.Go(TimeSpan.FromMinutes(1));
        var next = await lake.AppendAsync(Order(7));
        Assert.Equal((ids[1], 7L), (next.ParentId, next.SequenceNumber));
        clock.Go(TimeSpan.FromDays(1));
        var keep = Options with { KeepSnapshots = new Dictionary<TableName, IReadOnlyCollection<long>> { [Name] = [ids[3]] } };
        await new LakeMaintenance(keep).ExpireAsync(lake.Table, Token);
        Assert.Equal([ids[2], ids[3], next.SnapshotId], lake.Table.Snapshots.Select(snapshot => snapshot.SnapshotId));
        var error = await Assert.ThrowsAsync<IncrementalReadException>(async () => await lake.Table.ReadAddedAsync(ids[3], next.SnapshotId, null, Token));
        Assert.Equal(IncrementalReadFailure.RolledBack, error.Failure);
        Assert.Empty(await LooseAsync(lake, clock));
        Assert.Equal(3, (await lake.ScanAsync()).Count);
    }

    [Theory]
    [InlineData(Fault.ErrorBefore), InlineData(Fault.LostAnswer), InlineData(Fault.Dead)]
    public async Task A_fault_at_any_call_loses_no_row_and_orphan_removal_finishes_it(Fault fault)
    {
        for (var at = 1; ; at++)
        {
            var clock = new SteppedClock();
            var inner = new MemoryObjectStore(time: clock);
            var (lake, _, ids) = await HistoryAsync(inner, clock);
            clock.Go(TimeSpan.FromDays(1));
            var faulty = new FaultyStore(inner);
            var table = await (await LakeCatalog.OpenExistingAsync(faulty, clock, cancellationToken: Token)).GetTableAsync(Name, Token);
            var first = faulty.Calls + at;
            faulty.Faults = call => call.Number == first ? fault : Fault.None;
            try
            {
                await new LakeMaintenance(Options).ExpireAsync(table, Token);
            }
            catch (Exception e) when (e is StoreException or LakeException)
            {
                // Judged below.
            }
            var reopened = await lake.Catalog.GetTableAsync(Name, Token);
            foreach (var snapshot in reopened.Snapshots) await TestLake.ScanAsync(reopened, snapshot.SnapshotId);
            Assert.Equal([Order(1, "a"), Order(2, "b")], await TestLake.ScanAsync(reopened));
            await new LakeMaintenance(Options).ExpireAsync(reopened, Token);
            clock.Go(TimeSpan.FromMinutes(1));
            await new LakeMaintenance(Options).RemoveOrphansAsync(reopened, Token);
            Assert.Empty(await LooseAsync(lake, clock));
            Assert.Equal(ids[5], Assert.Single(reopened.Snapshots).SnapshotId);
            Assert.Equal([Order(1, "a"), Order(2, "b")], await TestLake.ScanAsync(reopened));
            if (faulty.Calls < first) return;
            Assert.True(at < 200);
        }
    }

    [Fact]
    public async Task An_expiry_that_slept_through_many_versions_does_not_believe_that_it_happened()
    {
        var clock = new SteppedClock();
        var inner = new MemoryObjectStore(time: clock);
        var lake = await CreateAsync(Definition with { Properties = new Dictionary<string, string> { [TableProperties.PreviousVersionsMax] = "2" } }, inner, time: clock);
        for (var i = 0; i < 3; i++) await lake.AppendAsync(Order(i));
        clock.Go(TimeSpan.FromDays(1));
        var slept = false;
        var sleepy = new FaultyStore(inner);
        sleepy.Before = async call =>
        {
            if (call.Verb != StoreVerb.Create || slept) return;
            slept = true;
            for (var i = 0; i < 10; i++) await lake.AppendAsync(Order(100 + i));
        };
        var table = await (await LakeCatalog.OpenExistingAsync(sleepy, clock, cancellationToken: Token)).GetTableAsync(Name, Token);
        await new LakeMaintenance(Options).ExpireAsync(table, Token);
        Assert.True(slept);
        var reopened = await lake.Catalog.GetTableAsync(Name, Token);
        Assert.Equal((10, 15), (reopened.Snapshots.Count, reopened.MetadataVersion));
        Assert.Equal(13, (await TestLake.ScanAsync(reopened)).Count);
        Assert.Empty(await LooseAsync(lake, clock));
    }

    [Fact]
    public async Task Racing_writers_and_an_expiry_do_each_other_no_harm()
    {
        var lake = await CreateAsync();
        var writers = Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            var table = await lake.ReopenAsync();
            for (var i = 0; i < 15; i++) await table.CommitAsync(new TableChange { Append = [Batch(Order(writer * 100 + i))], Summary = new Dictionary<string, string> { [$"olist.w{writer}"] = $"{i}" } }, Token);
        }, Token)).ToArray();
        var table = await lake.ReopenAsync();
        var maintenance = new LakeMaintenance(Options with { MaxSnapshotAge = TimeSpan.Zero });
        do
        {
            await maintenance.ExpireAsync(table, Token);
            await maintenance.CompactAsync(table, Token);
        }
        while (!writers.All(writer => writer.IsCompleted));
        await Task.WhenAll(writers);
        await maintenance.ExpireAsync(table, Token);
        table = await lake.ReopenAsync();
        Assert.Equal(45, (await TestLake.ScanAsync(table)).DistinctBy(row => row.OrderId).Count());
        for (var writer = 0; writer < 3; writer++) Assert.Equal("14", table.FindSummaryEntry($"olist.w{writer}"));
    }
}
