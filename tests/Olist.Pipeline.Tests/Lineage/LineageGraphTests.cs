using Olist.Pipeline.Model;
using Olist.Pipeline.Queries.Lineage;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Bronze;
using Olist.Pipeline.Steps.Lineage;
using Olist.Pipeline.Steps.Upkeep;
using Olist.Pipeline.Tests.Steps;

namespace Olist.Pipeline.Tests.Lineage;

public sealed class LineageGraphTests
{
    const string Table = "gold.fact_order_detail";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_gold_table_goes_down_to_the_messages_published_and_its_last_change_to_those_that_were_new()
    {
        await using var fixture = await PipelineFixture.SyntheticAsync(80, seed: 31, Token);
        var first = await TakeInByTwoRunsAsync(fixture);
        var second = await OfAsync(fixture, null);

        var published = await fixture.Workspace.State.CountMessagesAsync(Token);
        Assert.Equal(SourceTopics, Topics(second).Keys.Order(StringComparer.Ordinal));
        foreach (var (topic, partitions) in Topics(second))
        {
            Assert.Equal(published[topic], partitions.Sum(range => range.To - range.From));
            Assert.Equal(published[topic] - Math.Min(40, published[topic]), partitions.Sum(range => range.To - range.GainedFrom!.Value));
            Assert.Equal(Topics(first)[topic].Sum(range => range.To), partitions.Sum(range => range.GainedFrom!.Value));
        }
        Assert.All(Topics(first).Values, partitions => Assert.All(partitions, range => Assert.Equal(0, range.GainedFrom)));

        // The older version is still what it was; a compaction on top changes neither.
        var old = await OfAsync(fixture, first.SnapshotId);
        Assert.Equal(Flat(first), Flat(old));
        await LakeUpkeep.RunAsync(fixture.Workspace.Tables, new Olist.Lake.MaintenanceOptions { MinFiles = 2, MaxSmallFiles = 2, DeletedRatio = 0 }, Token);
        var compacted = await OfAsync(fixture, null);
        Assert.NotEqual(second.SnapshotId, compacted.SnapshotId);
        Assert.Equal(Topics(second).SelectMany(topic => topic.Value), Topics(compacted).SelectMany(topic => topic.Value));
    }

    [Fact]
    public async Task Every_edge_joins_two_nodes_and_every_version_names_the_run_that_made_it()
    {
        await using var fixture = await PipelineFixture.SyntheticAsync(60, seed: 32, Token);
        await fixture.PublishAsync(Token);
        await new LogToBronze(fixture.Workspace).RunAsync(2, Token);
        await fixture.BatchAsync(Token);
        var whole = await new LineageGraph(fixture.Workspace.Tables, new LineageNames()).WholeAsync(Token);
        foreach (var document in new[] { whole, await OfAsync(fixture, null) })
        {
            var ids = document.Nodes.Select(node => node.Id).ToHashSet();
            Assert.Equal(document.Nodes.Count, ids.Count);
            Assert.All(document.Edges, edge => Assert.True(ids.Contains(edge.From) && ids.Contains(edge.To), $"{edge.From} -> {edge.To}"));
            Assert.All(document.Nodes.Where(node => node.Type == "table" && node.Table != "silver.watermark" && !node.Table!.StartsWith("bronze.", StringComparison.Ordinal)), node => Assert.NotNull(node.RunId));
        }
        Assert.Equal(9, whole.Nodes.Count(node => node.Type == "topic"));
        Assert.Equal(BatchPlan.Steps.Count + 9, whole.Nodes.Count(node => node.Type == "job"));
        // Each step reads what it says that it reads.
        foreach (var step in BatchPlan.Steps)
            Assert.Equal(step.Sources.Order(StringComparer.Ordinal).Select(source => "table:" + source), whole.Edges.Where(edge => edge.To == "job:" + step.Target).Select(edge => edge.From).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_source_version_that_has_expired_is_named_and_nothing_is_made_up_beyond_it()
    {
        await using var fixture = await PipelineFixture.SyntheticAsync(80, seed: 33, Token);
        var first = await TakeInByTwoRunsAsync(fixture);
        // Gold keeps its history; everything below keeps only what watermarks need.
        var kept = new Dictionary<Olist.Lake.TableName, IReadOnlyCollection<long>>(await WatermarkSnapshots.FindAsync(fixture.Workspace.Tables, Token));
        kept[Olist.Lake.TableName.Parse(Table)] = [first.SnapshotId!.Value];
        var eager = new Olist.Lake.MaintenanceOptions { MaxSnapshotAge = TimeSpan.Zero, MinSnapshots = 1, OrphanAge = TimeSpan.Zero, KeepSnapshots = kept };
        await new Olist.Lake.LakeMaintenance(eager).RunAsync(fixture.Workspace.Tables.Catalog, Token);

        var old = await OfAsync(fixture, first.SnapshotId);
        Assert.Contains(old.Nodes, node => node is { Expired: true, Type: "table" });
        Assert.All(old.Nodes.Where(node => node.Expired == true), node => Assert.DoesNotContain(old.Edges, edge => edge.To == node.Id));
    }

    /// <summary>Up to 40 messages of each topic by a first run, the rest by a second.</summary>
    /// <returns>The table as the first run left it.</returns>
    static async Task<LineageDocument> TakeInByTwoRunsAsync(PipelineFixture fixture)
    {
        await fixture.PublishAsync(Token);
        foreach (var topic in TableCatalog.BronzeTopics) await fixture.IngestAsync(topic, 40, Token);
        await fixture.BatchAsync(Token);
        var first = await OfAsync(fixture, null);
        await new LogToBronze(fixture.Workspace).RunAsync(2, Token);
        await fixture.BatchAsync(Token);
        return first;
    }

    static string[] SourceTopics => ["order_item", "payment", "product"];

    static async Task<LineageDocument> OfAsync(PipelineFixture fixture, long? snapshotId)
    {
        var table = (await fixture.Workspace.Tables.FindAsync(Table, Token))!;
        return await new LineageGraph(fixture.Workspace.Tables, new LineageNames()).OfAsync(table, snapshotId is { } id ? table.FindSnapshot(id)! : table.Current!, Token);
    }

    static Dictionary<string, IReadOnlyList<PartitionRange>> Topics(LineageDocument document) =>
        document.Edges.Where(edge => edge.Partitions is not null).ToDictionary(edge => edge.From["topic:".Length..], edge => edge.Partitions!);

    static IEnumerable<string> Flat(LineageDocument document) => document.Nodes.Select(node => node.ToString())
        .Concat(document.Edges.Select(edge => $"{edge.From} {edge.To} {edge.FromSnapshotId} {edge.ToSnapshotId} {string.Join(' ', edge.Partitions ?? [])}"));
}
