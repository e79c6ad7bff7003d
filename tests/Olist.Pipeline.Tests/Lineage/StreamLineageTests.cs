using Olist.Lake;
using Olist.Pipeline.Queries.Lineage;
using Olist.Pipeline.Speed.Live;
using Olist.Pipeline.Speed.Tables;
using Olist.Pipeline.Steps.Lineage;
using Olist.Pipeline.Tests.Speed;
using Olist.Pipeline.Tests.Steps;
using Olist.Streaming;

namespace Olist.Pipeline.Tests.Lineage;

/// <summary>Stream tables leave no events: where a version of one comes from is told by its commits alone.</summary>
public sealed class StreamLineageTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_version_of_a_stream_table_goes_down_to_the_offsets_of_its_topics_and_leaves_no_object()
    {
        await using var speed = await OpenAsync();
        var topics = new Dictionary<string, string[]>
        {
            ["stream.fact_order_lead_days"] = ["delivery_status"],
            ["stream.fact_order_detail"] = ["customer_order", "product_metadata"],
            ["stream.dim_user_location"] = ["geo_coord", "olist_user"],
        };
        var batches = await BatchesAsync(speed);
        await TakeAsync(speed, batches[..(batches.Count / 2)]);
        var firstEnds = await EndsAsync(speed, topics);
        var first = await GraphsAsync(speed, topics.Keys);
        await TakeAsync(speed, batches[(batches.Count / 2)..]);
        var lastEnds = await EndsAsync(speed, topics);
        var last = await GraphsAsync(speed, topics.Keys);

        foreach (var (table, names) in topics)
        {
            foreach (var (graph, ends, before) in new[] { (first[table], firstEnds, new Dictionary<(string, int), long>()), (last[table], lastEnds, firstEnds) })
            {
                Assert.Equal(names, graph.Nodes.Where(node => node.Type == "topic").Select(node => node.Name).Order(StringComparer.Ordinal));
                Assert.All(graph.Nodes.Where(node => node.Type == "topic"), node => Assert.Equal($"olist-log://{speed.Log.Id}", node.Namespace));
                Assert.Equal("refresh." + table, Assert.Single(graph.Nodes, node => node.Type == "job").Name);
                foreach (var edge in graph.Edges.Where(edge => edge.Partitions is not null))
                    Assert.Equal(Ranges(edge.From["topic:".Length..], ends, before), edge.Partitions);
            }
            Assert.NotEqual(first[table].SnapshotId, last[table].SnapshotId);
            // The older version is still what it was.
            Assert.Equal(first[table].Edges.SelectMany(edge => edge.Partitions ?? []), (await GraphAsync(speed, table, first[table].SnapshotId)).Edges.SelectMany(edge => edge.Partitions ?? []));
        }
        var whole = await new LineageGraph(speed.Pipeline.Workspace.Tables, new LineageNames()).WholeAsync(Token);
        Assert.All(topics, table => Assert.Equal(table.Value.Select(topic => "topic:" + topic),
            whole.Edges.Where(edge => edge.To == "job:" + table.Key).Select(edge => edge.From).Order(StringComparer.Ordinal)));
        Assert.Equal(topics.Values.SelectMany(names => names).Order(StringComparer.Ordinal), whole.Nodes.Where(node => node.Type == "topic" && topics.Values.Any(names => names.Contains(node.Name))).Select(node => node.Name).Order(StringComparer.Ordinal));
        Assert.Empty(await speed.Pipeline.Workspace.Tables.Catalog.Store.ListAsync(LineageLog.Folder, Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Offsets_outlive_the_commits_that_brought_them()
    {
        await using var speed = await OpenAsync();
        var batches = await BatchesAsync(speed);
        await TakeAsync(speed, batches[..(batches.Count / 2)]);
        await TakeAsync(speed, batches[(batches.Count / 2)..]);
        var before = await GraphAsync(speed, "stream.fact_order_detail", null);
        // Only the compaction is left, and it took in nothing.
        var all = new MaintenanceOptions { MinFiles = 2, MaxSmallFiles = 2, DeletedRatio = 0, MaxSnapshotAge = TimeSpan.Zero, MinSnapshots = 1, OrphanAge = TimeSpan.Zero };
        await new LakeMaintenance(all).RunAsync(speed.Pipeline.Workspace.Tables.Catalog, Token);
        var after = await GraphAsync(speed, "stream.fact_order_detail", null);

        Assert.NotEqual(before.SnapshotId, after.SnapshotId);
        Assert.Equal(Spans(before), Spans(after));
        Assert.All(after.Edges.SelectMany(edge => edge.Partitions ?? []), range => Assert.Null(range.GainedFrom));

        static IEnumerable<(string, int, long, long)> Spans(LineageDocument document) =>
            document.Edges.SelectMany(edge => (edge.Partitions ?? []).Select(range => (edge.From, range.Partition, range.From, range.To)));
    }

    static async Task<SpeedFixture> OpenAsync()
    {
        var speed = await SpeedFixture.OpenAsync(await PipelineFixture.SyntheticAsync(250, seed: 41, Token), new PipelineClock(ClockKind.Event, TimeProvider.System), Token);
        await speed.Pipeline.PublishAsync(Token);
        return speed;
    }

    /// <summary>Everything that reaches the topics of stream tables, in an order that brings some of each topic by any half of it.</summary>
    static async Task<List<Func<Task>>> BatchesAsync(SpeedFixture speed)
    {
        foreach (var topic in await speed.ForwardingAsync(SpeedFixture.OrderTopics, Token))
            foreach (var call in topic) await call();
        var work = new List<Func<Task>>();
        foreach (var topic in await speed.ForwardingAsync(["customer", "seller", "geolocation"], Token)) work.AddRange(topic.Select(_ => (Func<Task>)(() => topic.Dequeue()())).ToArray());
        foreach (var (topic, take) in new (string, Func<ConsumedRecord[], Task>)[]
            { ("order_event", speed.TakeEventsAsync), ("order_item", speed.TakeItemsAsync), ("payment", speed.TakePaymentsAsync), ("order_item", speed.TakeOffersAsync), ("product", speed.TakeProductsAsync) })
            foreach (var batch in (await speed.AllAsync(topic, Token)).Chunk(20)) work.Add(() => take(batch));
        var all = work.ToArray();
        new Random(41).Shuffle(all);
        return [.. all];
    }

    static async Task TakeAsync(SpeedFixture speed, IEnumerable<Func<Task>> batches)
    {
        foreach (var batch in batches) await batch();
        await speed.SettleAsync(Token);
        foreach (var table in speed.Tables) await table.RefreshAsync(Token);
    }

    /// <summary>Where the topics end, as the log itself says.</summary>
    static async Task<Dictionary<(string Topic, int Partition), long>> EndsAsync(SpeedFixture speed, Dictionary<string, string[]> topics)
    {
        var ends = new Dictionary<(string, int), long>();
        foreach (var topic in topics.Values.SelectMany(names => names))
            foreach (var spec in (await speed.Log.ListTopicsAsync(Token)).Where(spec => spec.Name == topic))
                for (var partition = 0; partition < spec.Partitions; partition++)
                    if ((await speed.Log.GetWatermarksAsync(new TopicPartition(topic, partition), Token)).Latest is > 0 and var end) ends[(topic, partition)] = end;
        return ends;
    }

    static IEnumerable<PartitionRange> Ranges(string topic, Dictionary<(string Topic, int Partition), long> ends, Dictionary<(string, int), long> before) => ends
        .Where(end => end.Key.Topic == topic).OrderBy(end => end.Key.Partition)
        .Select(end => new PartitionRange(end.Key.Partition, 0, end.Value, before.GetValueOrDefault(end.Key)));

    static async Task<Dictionary<string, LineageDocument>> GraphsAsync(SpeedFixture speed, IEnumerable<string> tables)
    {
        var graphs = new Dictionary<string, LineageDocument>();
        foreach (var table in tables) graphs[table] = await GraphAsync(speed, table, null);
        return graphs;
    }

    static async Task<LineageDocument> GraphAsync(SpeedFixture speed, string name, long? snapshotId)
    {
        var table = (await speed.Pipeline.Workspace.Tables.FindAsync(name, Token))!;
        return await new LineageGraph(speed.Pipeline.Workspace.Tables, new LineageNames()).OfAsync(table, snapshotId is { } id ? table.FindSnapshot(id)! : table.Current!, Token);
    }
}
