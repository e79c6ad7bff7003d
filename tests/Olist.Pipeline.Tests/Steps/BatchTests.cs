using Olist.Pipeline.Model;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Bronze;
using Olist.Pipeline.Steps.Upkeep;

namespace Olist.Pipeline.Tests.Steps;

public sealed class BatchTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_run_over_everything_gives_what_the_oracle_computes()
    {
        await using var fixture = await PipelineFixture.SyntheticAsync(600, seed: 11, Token);
        await fixture.PublishAsync(Token);
        await new LogToBronze(fixture.Workspace).RunAsync(2, Token);
        await fixture.BatchAsync(Token);
        Assert.Empty(await fixture.DifferencesAsync(Token));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task Topics_may_run_apart_runs_may_come_at_any_moment_and_tables_may_be_put_in_order_between(int seed)
    {
        await using var fixture = await PipelineFixture.SyntheticAsync(100, seed: 100 + seed, Token);
        await fixture.PublishAsync(Token);
        var random = new Random(seed);
        var eager = new Olist.Lake.MaintenanceOptions { MinFiles = 2, MaxSmallFiles = 2, DeletedRatio = 0, MaxSnapshotAge = TimeSpan.Zero, MinSnapshots = 1, OrphanAge = TimeSpan.Zero };
        for (var waiting = true; waiting;)
        {
            waiting = false;
            foreach (var topic in TableCatalog.BronzeTopics)
            {
                if (random.Next(3) == 0) waiting = true;
                else waiting |= await fixture.IngestAsync(topic, random.Next(1, 200), Token) > 0;
            }
            await fixture.BatchAsync(Token);
            // As eager as it can be: everything is put together and every snapshot goes that no watermark and no offsets need.
            if (random.Next(3) == 0) Assert.All(await LakeUpkeep.RunAsync(fixture.Workspace.Tables, eager, Token), table => Assert.Null(table.Problem));
        }
        Assert.Empty(await fixture.DifferencesAsync(Token));
    }

    /// <summary>Few offers are waited for one by one, many together; both end as if nothing had been late.</summary>
    [Theory, InlineData(12, false), InlineData(250, true)]
    public async Task Orders_whose_products_are_announced_later_get_their_categories_then(int orders, bool areMany)
    {
        await using var fixture = await PipelineFixture.SyntheticAsync(orders, seed: 300, Token);
        await fixture.PublishAsync(Token);
        foreach (var topic in TableCatalog.BronzeTopics.Where(topic => topic.Name != "product")) await fixture.IngestAsync(topic, int.MaxValue, Token);
        await fixture.BatchAsync(Token);
        Assert.Equal(areMany, await WaitingAsync() == "many");

        var product = TableCatalog.BronzeTopics.Single(topic => topic.Name == "product");
        while (await fixture.IngestAsync(product, Math.Max(1, orders / 4), Token) > 0) await fixture.BatchAsync(Token);
        Assert.Equal("", await WaitingAsync());
        Assert.Empty(await fixture.DifferencesAsync(Token));

        async Task<string?> WaitingAsync() => (await fixture.Workspace.Tables.FindAsync("gold.fact_order_detail", Token))!.FindSummaryEntry("olist.waiting-offers");
    }

    [Fact]
    public async Task A_run_with_nothing_new_commits_nothing()
    {
        await using var fixture = await PipelineFixture.SyntheticAsync(60, seed: 5, Token);
        await fixture.PublishAsync(Token);
        await new LogToBronze(fixture.Workspace).RunAsync(2, Token);
        await fixture.BatchAsync(Token);
        var before = await HeadsAsync(fixture);
        var results = await fixture.BatchAsync(Token);
        Assert.All(results, result => Assert.False(result.Committed));
        Assert.Equal(before, await HeadsAsync(fixture));
    }

    [Fact]
    public async Task Records_that_come_twice_are_taken_in_once()
    {
        await using var fixture = await PipelineFixture.SyntheticAsync(60, seed: 6, Token);
        await fixture.PublishAsync(Token);
        foreach (var topic in TableCatalog.BronzeTopics)
        {
            var partitions = Enumerable.Range(0, fixture.Workspace.Options.Partitions).Select(partition => KeyValuePair.Create(new Olist.Streaming.TopicPartition(topic.Name, partition), 0L));
            await using var consumer = fixture.Workspace.Log.Assign([.. partitions]);
            var batch = await consumer.PollAsync(int.MaxValue, TimeSpan.Zero, Token);
            await fixture.Workspace.Ingest.IngestAsync(topic.Name, batch.Records, Token);
            var again = await fixture.Workspace.Ingest.IngestAsync(topic.Name, batch.Records, Token);
            Assert.Equal((0, batch.Records.Count), (again.Rows, again.Repeated));
        }
        await fixture.BatchAsync(Token);
        Assert.Empty(await fixture.DifferencesAsync(Token));
    }

    [Fact]
    public async Task Two_runs_at_once_count_nothing_twice()
    {
        await using var fixture = await PipelineFixture.SyntheticAsync(100, seed: 7, Token);
        await fixture.PublishAsync(Token);
        await new LogToBronze(fixture.Workspace).RunAsync(2, Token);
        var runs = new[] { fixture.BatchAsync(Token), fixture.BatchAsync(Token) };
        await Task.WhenAll(runs.Select(run => run.ContinueWith(_ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default)));
        Assert.All(runs, run => Assert.True(run.IsCompletedSuccessfully || run.Exception!.InnerException is Olist.Lake.CommitConflictException, run.Exception?.ToString()));
        await fixture.BatchAsync(Token);
        Assert.Empty(await fixture.DifferencesAsync(Token));
    }

    [Fact]
    public async Task A_run_that_is_overtaken_by_a_later_one_leaves_everything_to_it()
    {
        await using var fixture = await PipelineFixture.SyntheticAsync(100, seed: 8, Token);
        await fixture.PublishAsync(Token);
        foreach (var topic in TableCatalog.BronzeTopics) await fixture.IngestAsync(topic, 60, Token);
        var early = await BatchContext.StartAsync(fixture.Workspace.Tables, TimeProvider.System, Token);
        await new LogToBronze(fixture.Workspace).RunAsync(2, Token);
        await fixture.BatchAsync(Token);
        Assert.All(await BatchRun.RunAsync(early, 2, Token), result => Assert.False(result.Committed));
        Assert.Empty(await fixture.DifferencesAsync(Token));
    }

    /// <summary>Two runs at once, the later one between the silver and the gold steps of the earlier one.</summary>
    [Fact]
    public async Task A_run_reads_silver_as_it_left_it_whatever_another_run_commits_meanwhile()
    {
        await using var fixture = await PipelineFixture.SyntheticAsync(100, seed: 9, Token);
        await fixture.PublishAsync(Token);
        foreach (var topic in TableCatalog.BronzeTopics) await fixture.IngestAsync(topic, 60, Token);
        var early = await BatchContext.StartAsync(fixture.Workspace.Tables, TimeProvider.System, Token);
        var done = await RunAsync(early, [], "silver.");
        await new LogToBronze(fixture.Workspace).RunAsync(2, Token);
        var late = await RunAsync(await BatchContext.StartAsync(fixture.Workspace.Tables, TimeProvider.System, Token), [], "silver.");

        var gold = (await RunAsync(early, done, "gold.")).Except(done).ToArray();
        var left = done.ToDictionary(step => step.Target, step => step.SnapshotId);
        var read = gold.SelectMany(step => step.Sources).Where(source => left.ContainsKey(source.Table)).ToArray();
        Assert.NotEmpty(read);
        Assert.All(read, source => Assert.Equal(left[source.Table], source.ToSnapshotId));
        Assert.Contains(late, step => left[step.Target] != step.SnapshotId);
        // And the next run takes in what this one left out.
        await fixture.BatchAsync(Token);
        Assert.Empty(await fixture.DifferencesAsync(Token));
    }

    /// <summary>The steps of one layer, as <see cref="BatchRun"/> pins them.</summary>
    static async Task<List<StepResult>> RunAsync(BatchContext context, IReadOnlyList<StepResult> before, string layer)
    {
        var done = new List<StepResult>(before);
        foreach (var step in BatchPlan.Steps.Where(step => step.Target.StartsWith(layer, StringComparison.Ordinal)))
        {
            var prerequisites = BatchPlan.Prerequisites(step).ToHashSet();
            done.Add(await step.RunAsync(context with { Pins = BatchPlan.PinsAfter(context.Pins, done.Where(result => prerequisites.Contains(result.Target))) }, Token));
        }
        return done;
    }

    static async Task<string> HeadsAsync(PipelineFixture fixture)
    {
        var heads = new List<string>();
        foreach (var name in await fixture.Workspace.Tables.Catalog.ListTablesAsync(Token))
            heads.Add($"{name}={(await fixture.Workspace.Tables.FindAsync(name.ToString(), Token))!.Current?.SnapshotId}");
        return string.Join('\n', heads);
    }
}
