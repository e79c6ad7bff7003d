using Olist.Lake;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Bronze;
using Olist.Pipeline.Steps.Lineage;
using Olist.Pipeline.Steps.Tables;
using Olist.Testing.Stores;

namespace Olist.Pipeline.Tests.Steps;

/// <summary>Steps that go on from what those before them are about to publish.</summary>
public sealed class StepsAheadTests
{
    const string Events = "silver.order_event", LeadDays = "gold.fact_order_lead_days", Sales = "gold.fact_monthly_sales_by_product";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_compute_while_that_waits_for_the_disk_and_publish_after_it()
    {
        await using var lake = await HeldLake.CreateAsync(seed: 31);
        var sales = new TaskCompletionSource();
        lake.Store.AfterWrite = key => { if (key.StartsWith(Folder(Sales) + "data/", StringComparison.Ordinal)) sales.TrySetResult(); };
        var release = lake.Hold(Events);
        var running = lake.RunAsync();
        await sales.Task.WaitAsync(TimeSpan.FromSeconds(60), Token); // two steps behind the one that is held
        Assert.DoesNotContain(lake.Published(), target => target is Events or LeadDays or Sales or WatermarkTable.Name);
        release.SetResult();
        Assert.All(await running, result => Assert.True(result.Committed));

        var order = lake.Published();
        foreach (var step in BatchPlan.Steps)
            foreach (var source in BatchPlan.Prerequisites(step))
                Assert.True(order.IndexOf(source) < order.IndexOf(step.Target), $"{step.Target} before {source}");
        Assert.Equal(WatermarkTable.Name, order[^1]);
        await lake.RunOverTheRestAsync();
        Assert.Empty(await lake.Fixture.DifferencesAsync(Token));
    }

    /// <summary>A commit of nobody's rows, while the step's own waits: it is built again on top of that, and so is what was computed from it.</summary>
    [Theory, InlineData(Events), InlineData(LeadDays), InlineData("silver.customer_order")]
    public async Task What_went_on_from_a_commit_that_came_otherwise_is_computed_again(string overtaken)
    {
        await using var lake = await HeldLake.CreateAsync(seed: 32);
        await lake.RunAsync();
        await lake.IngestTheRestAsync();
        var somebody = await lake.Fixture.Workspace.Tables.EnsureAsync(overtaken, Token);
        var once = 0;
        lake.Store.BeforeCreate = async key =>
        {
            if (key.StartsWith(Folder(overtaken), StringComparison.Ordinal) && Interlocked.Exchange(ref once, 1) == 0)
                await somebody.CommitAsync(new TableChange { Summary = new Dictionary<string, string> { ["told.by"] = "somebody else" } }, Token);
        };
        var results = await lake.RunAsync();

        Assert.Equal(1, once);
        var left = results.Single(result => result.Target == overtaken);
        var table = await lake.Fixture.Workspace.Tables.EnsureAsync(overtaken, Token);
        Assert.Equal(left.SnapshotId, table.Current!.SnapshotId);
        Assert.Equal(somebody.Current!.SnapshotId, table.Current.ParentId);
        Assert.All(results.SelectMany(result => result.Sources).Where(source => source.Table == overtaken), source => Assert.Equal(left.SnapshotId, source.ToSnapshotId));
        Assert.Empty(await lake.Fixture.DifferencesAsync(Token));
        Assert.Empty(await lake.OrphansAsync());
    }

    /// <summary>The watermarks that the run was about to publish are not those that the step has at the end.</summary>
    [Fact]
    public async Task A_step_that_another_run_overtakes_while_it_waits_leaves_all_to_that_also_the_watermarks()
    {
        await using var lake = await HeldLake.CreateAsync(seed: 35);
        var (reached, release) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lake.Store.BeforeCreate = async key =>
        {
            if (!key.StartsWith(Folder(Events), StringComparison.Ordinal)) return;
            reached.TrySetResult();
            await release.Task;
        };
        var early = lake.RunAsync();
        await reached.Task;
        await lake.IngestTheRestAsync();
        await lake.Fixture.BatchAsync(Token);
        release.SetResult();
        var left = (await early).Single(result => result.Target == Events);

        Assert.False(left.Committed);
        var events = await lake.Fixture.Workspace.Tables.EnsureAsync(Events, Token);
        var watermarks = await LakeRows.ReadAsync(await lake.Fixture.Workspace.Tables.EnsureAsync(WatermarkTable.Name, Token), Token);
        var published = watermarks.Rows.Where(row => Equals(row[0], Events)).ToDictionary(row => (string)row[1]!, row => (long?)row[2]); // app, source, snapshot
        Assert.Equal(BatchPlan.Get(Events).Sources.Order(StringComparer.Ordinal), published.Keys.Order(StringComparer.Ordinal));
        Assert.All(published, row => Assert.Equal(Watermarks.Find(events, row.Key), row.Value));
        await lake.RunAsync();
        Assert.Empty(await lake.Fixture.DifferencesAsync(Token));
    }

    /// <summary>Published and overtaken between the moment in which a step foresaw it and the one in which the next step begins.</summary>
    [Theory, InlineData("silver.olist_user", "gold.dim_user_location"), InlineData(Events, LeadDays), InlineData("silver.customer_order", "gold.fact_order_detail")]
    public async Task A_step_that_goes_on_from_what_another_run_has_long_overtaken_leaves_all_to_that(string source, string target)
    {
        await using var lake = await HeldLake.CreateAsync(seed: 36);
        var (early, foreseen) = (await lake.ContextAsync(), new Dictionary<string, Foreseen>());
        foreach (var before in BatchPlan.Prerequisites(BatchPlan.Get(target)))
            await BatchPlan.Get(before).RunAsync(early with { OnForeseen = told => foreseen[before] = told }, Token);
        Assert.Contains(source, foreseen.Keys);
        await lake.IngestTheRestAsync();
        await lake.Fixture.BatchAsync(Token);
        var table = await lake.Fixture.Workspace.Tables.EnsureAsync(target, Token);

        var ahead = early with { Pins = BatchPlan.PinsAfter(early.Pins, foreseen.Values.Select(told => told.Result)), Ahead = foreseen.ToDictionary(told => told.Key, told => told.Value.Table) };
        Assert.False((await BatchPlan.Get(target).RunAsync(ahead, Token)).Committed);
        Assert.Equal(table.MetadataVersion, (await lake.Fixture.Workspace.Tables.EnsureAsync(target, Token)).MetadataVersion);
        Assert.Empty(await lake.Fixture.DifferencesAsync(Token));
    }

    [Theory, InlineData(Events), InlineData("silver.customer_order"), InlineData(LeadDays)]
    public async Task When_one_can_not_publish_those_that_went_on_from_it_leave_nothing(string broken)
    {
        await using var lake = await HeldLake.CreateAsync(seed: 33);
        lake.Store.BeforeCreate = key => key.StartsWith(Folder(broken), StringComparison.Ordinal) ? throw new PipelineException("The disk is gone.") : Task.CompletedTask;
        var context = await lake.ContextAsync();
        var failure = await Assert.ThrowsAsync<PipelineException>(() => BatchRun.RunAsync(context, 3, Token));
        Assert.Equal("The disk is gone.", failure.Message);

        var published = lake.Published();
        Assert.DoesNotContain(published, target => target == WatermarkTable.Name || target == broken || Behind(broken).Contains(target));
        var events = await new LineageLog(lake.Store).FindAsync(context.RunId, Token);
        var failed = events!.Where(one => one["eventType"]!.GetValue<string>() == "FAIL").Select(one => one["job"]!["name"]!.GetValue<string>());
        Assert.Equal(["batch." + broken, "batch"], failed);
        Assert.Empty(await lake.OrphansAsync());

        lake.Store.BeforeCreate = null;
        await lake.RunOverTheRestAsync();
        Assert.Empty(await lake.Fixture.DifferencesAsync(Token));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_while_steps_wait_for_each_other_ends_and_the_next_goes_on()
    {
        await using var lake = await HeldLake.CreateAsync(seed: 34);
        using var given = new CancellationTokenSource();
        lake.Store.BeforeCreate = key => key.StartsWith(Folder(Events), StringComparison.Ordinal) ? given.CancelAsync() : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await BatchRun.RunAsync(await lake.ContextAsync(), 3, given.Token));
        lake.Store.BeforeCreate = null;
        await lake.RunOverTheRestAsync();
        Assert.Empty(await lake.Fixture.DifferencesAsync(Token));
    }

    static string Folder(string table) => table.Replace('.', '/') + "/";

    static HashSet<string> Behind(string target)
    {
        var behind = new HashSet<string>();
        foreach (var step in BatchPlan.Steps)
            if (BatchPlan.Prerequisites(step).Any(source => source == target || behind.Contains(source))) behind.Add(step.Target);
        return behind;
    }

    /// <summary>A lake with bronze filled, batch runs over which see it through a store that a test holds.</summary>
    sealed class HeldLake : IAsyncDisposable
    {
        LakeTables _tables = null!;
        int _before;

        public required PipelineFixture Fixture { get; init; }
        public required WatchedStore Store { get; init; }

        public static async Task<HeldLake> CreateAsync(long seed)
        {
            var fixture = await PipelineFixture.SyntheticAsync(100, seed, Token);
            await fixture.PublishAsync(Token);
            // A part: there is more for a second run.
            foreach (var topic in TableCatalog.BronzeTopics) await fixture.IngestAsync(topic, 40, Token);
            var store = new WatchedStore(fixture.Workspace.Tables.Catalog.Store);
            var lake = new HeldLake { Fixture = fixture, Store = store };
            lake._tables = new LakeTables(await LakeCatalog.OpenAsync(store, TimeProvider.System, cancellationToken: Token));
            foreach (var step in BatchPlan.Steps) await lake._tables.EnsureAsync(step.Target, Token);
            await lake._tables.EnsureAsync(WatermarkTable.Name, Token);
            lake._before = store.Created.Count;
            return lake;
        }

        public async Task<BatchContext> ContextAsync() => await BatchContext.StartAsync(_tables, TimeProvider.System, Token);

        public async Task<IReadOnlyList<StepResult>> RunAsync() => await BatchRun.RunAsync(await ContextAsync(), 3, Token);

        public Task<IngestResult> IngestTheRestAsync() => new LogToBronze(Fixture.Workspace).RunAsync(2, Token);

        public async Task RunOverTheRestAsync()
        {
            await IngestTheRestAsync();
            await RunAsync();
        }

        /// <summary>Holds the next version of a table until the answer is set.</summary>
        public TaskCompletionSource Hold(string table)
        {
            var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Store.BeforeCreate = key => key.StartsWith(Folder(table), StringComparison.Ordinal) ? release.Task : Task.CompletedTask;
            return release;
        }

        /// <summary>Tables whose next versions were published, in that order.</summary>
        public List<string> Published() => [.. Store.Created.Skip(_before).Where(key => key.EndsWith(".metadata.json", StringComparison.Ordinal)).Select(key => string.Join('.', key.Split('/')[..2]))];

        /// <summary>Files that no snapshot refers to.</summary>
        public async Task<IReadOnlyList<string>> OrphansAsync()
        {
            var orphans = new List<string>();
            foreach (var step in BatchPlan.Steps)
            {
                var table = await Fixture.Workspace.Tables.EnsureAsync(step.Target, Token);
                var found = await new LakeMaintenance(new MaintenanceOptions { DryRun = true, OrphanAge = TimeSpan.FromDays(-1) }).RemoveOrphansAsync(table, Token);
                orphans.AddRange(found.Orphans.Select(orphan => orphan.Key));
            }
            return orphans;
        }

        public ValueTask DisposeAsync() => Fixture.DisposeAsync();
    }
}
