using Olist.Lake;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Tests.Steps;

/// <summary>The pipeline over tables that are compacted and expired to the bone between its steps.</summary>
public sealed class MaintenanceTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, InlineData(1), InlineData(2)]
    public async Task Maintenance_at_any_moment_changes_no_row_and_stops_no_reader(int seed)
    {
        await using var fixture = await PipelineFixture.SyntheticAsync(60, seed: 300 + seed, Token);
        await fixture.PublishAsync(Token);
        var random = new Random(seed);
        for (var waiting = true; waiting;)
        {
            waiting = false;
            foreach (var topic in TableCatalog.BronzeTopics)
            {
                if (random.Next(3) == 0) waiting = true;
                else waiting |= await fixture.IngestAsync(topic, random.Next(100, 400), Token) > 0;
            }
            if (random.Next(2) == 0) await fixture.BatchAsync(Token);
            if (random.Next(2) == 0) await MaintainAsync(fixture);
        }
        await fixture.BatchAsync(Token);
        Assert.Empty(await fixture.DifferencesAsync(Token));
        Assert.True(await fixture.Workspace.IsSettledAsync(Token));
    }

    static async Task MaintainAsync(PipelineFixture fixture)
    {
        var maintenance = new LakeMaintenance(new MaintenanceOptions
        {
            MinFiles = 2, DeletedRatio = 0, MaxSnapshotAge = TimeSpan.Zero, KeepSnapshots = await WatermarkSnapshots.FindAsync(fixture.Workspace.Tables, Token),
        });
        foreach (var result in await maintenance.RunAsync(fixture.Workspace.Tables.Catalog, Token)) Assert.Null(result.Problem);
    }
}
