using System.Text.Json;
using Olist.Pipeline.Queries.Lineage;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Bronze;
using Olist.Pipeline.Steps.Lineage;
using Olist.Pipeline.Tests.Steps;

namespace Olist.Pipeline.Tests.Lineage;

public sealed class RunEventsTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_tells_of_each_step_in_three_beats_as_the_specification_has_it()
    {
        await using var fixture = await FilledAsync(seed: 21);
        var results = await fixture.BatchAsync(Token);
        var events = Assert.Single(await RunsAsync(fixture));
        Assert.All(events, one => Assert.Empty(OpenLineageRules.Violations(one)));
        Assert.Equal(events.Select(Time).Order(StringComparer.Ordinal), events.Select(Time));

        var whole = events.Where(one => Job(one) == "batch").ToArray();
        Assert.Equal(["START", "COMPLETE"], whole.Select(Type));
        foreach (var result in results.Where(result => result.Committed))
        {
            var beats = events.Where(one => Job(one) == "batch." + result.Target).ToArray();
            Assert.Equal([("START", "wait-for-source"), ("RUNNING", "transform"), ("COMPLETE", "verify-target")], beats.Select(one => (Type(one), Facet(one, "olist_beat").GetProperty("beat").GetString()!)));
            Assert.Single(beats.Select(RunId).Distinct());
            Assert.All(beats, one => Assert.Equal(RunId(whole[0]), Facet(one, "parent").GetProperty("run").GetProperty("runId").GetString()));

            var done = beats[2];
            Assert.Equal(result.SnapshotId.ToString(), VersionOf(Assert.Single(done.GetProperty("outputs").EnumerateArray())));
            Assert.Equal(result.RowsWritten, done.GetProperty("outputs")[0].GetProperty("outputFacets").GetProperty("outputStatistics").GetProperty("rowCount").GetInt64());
            Assert.Equal(result.Sources.Select(source => source.ToSnapshotId.ToString()), done.GetProperty("inputs").EnumerateArray().Select(VersionOf));
            Assert.Equal(result.RowsRead, done.GetProperty("inputs").EnumerateArray().Sum(input => input.GetProperty("inputFacets").GetProperty("inputStatistics").GetProperty("rowCount").GetInt64()));
            Assert.Equal((result.RowsRead, result.RowsWritten), (Facet(done, "olist_took").GetProperty("rowsRead").GetInt64(), Facet(done, "olist_took").GetProperty("rowsWritten").GetInt64()));
        }
    }

    [Fact]
    public async Task Bronze_comes_from_offsets_of_topics_that_sum_to_the_messages_published()
    {
        await using var fixture = await FilledAsync(seed: 22);
        await fixture.BatchAsync(Token);
        var ingests = Assert.Single(await RunsAsync(fixture)).Where(one => Job(one).StartsWith("ingest.", StringComparison.Ordinal) && Type(one) == "COMPLETE").ToArray();
        var published = await fixture.Workspace.State.CountMessagesAsync(Token);
        Assert.Equal(9, ingests.Length);
        foreach (var one in ingests)
        {
            var topic = Assert.Single(one.GetProperty("inputs").EnumerateArray());
            Assert.Equal("olist-log://" + fixture.Workspace.State.LogId, topic.GetProperty("namespace").GetString());
            var offsets = topic.GetProperty("inputFacets").GetProperty("olist_offsets").GetProperty("partitions").EnumerateArray().Sum(range => range.GetProperty("to").GetInt64() - range.GetProperty("from").GetInt64());
            Assert.Equal(published[topic.GetProperty("name").GetString()!], offsets);
            Assert.Equal(offsets, one.GetProperty("outputs")[0].GetProperty("outputFacets").GetProperty("outputStatistics").GetProperty("rowCount").GetInt64());
        }
    }

    [Fact]
    public async Task A_run_with_nothing_new_leaves_no_trace_and_a_record_given_twice_is_one()
    {
        await using var fixture = await FilledAsync(seed: 23);
        var results = await fixture.BatchAsync(Token);
        await fixture.BatchAsync(Token);
        Assert.Single(await RunsAsync(fixture));

        var told = new List<string>();
        var recorder = new RunRecorder(fixture.Workspace.Tables, listen: told.AddRange);
        var record = new RunRecord(Guid.CreateVersion7(), "test", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(1), results, []);
        await recorder.RecordAsync(record, Token);
        var once = told.Count;
        await recorder.RecordAsync(record, Token);
        Assert.Equal((true, once), (once > 0, told.Count));
        Assert.Equal(2, (await RunsAsync(fixture)).Count);
    }

    [Fact]
    public async Task A_step_that_fails_says_why_and_what_was_done_before_it_is_told_too()
    {
        await using var fixture = await FilledAsync(seed: 24);
        var root = new Uri(fixture.Workspace.Tables.Catalog.Store.RootUri).LocalPath;
        var file = Assert.Single(Directory.GetFiles(Path.Combine(root, "bronze", "geolocation", "data"), "*.parquet", SearchOption.AllDirectories));
        var content = await File.ReadAllBytesAsync(file, Token);
        await File.WriteAllBytesAsync(file, new byte[content.Length], Token);
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => fixture.BatchAsync(Token));

        var events = Assert.Single(await RunsAsync(fixture));
        Assert.All(events, one => Assert.Empty(OpenLineageRules.Violations(one)));
        var step = events.Where(one => Job(one) == "batch.silver.geo_coord").ToArray();
        Assert.Equal(["START", "FAIL"], step.Select(Type));
        Assert.Equal(failure.Message, Facet(step[1], "errorMessage").GetProperty("message").GetString());
        Assert.Equal("FAIL", Type(events[^1]));
        Assert.Contains("silver.geo_coord", Facet(events[^1], "errorMessage").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(events, one => Job(one) == "batch.silver.order_event" && Type(one) == "COMPLETE");
        Assert.DoesNotContain(events, one => Job(one) == "batch.gold.dim_user_location");

        await File.WriteAllBytesAsync(file, content, Token);
        await fixture.BatchAsync(Token);
        Assert.Equal(2, (await RunsAsync(fixture)).Count);
        Assert.Empty(await fixture.DifferencesAsync(Token));
    }

    [Fact]
    public async Task A_commit_names_its_run_whose_document_says_what_it_read_wrote_and_took()
    {
        await using var fixture = await FilledAsync(seed: 25);
        await fixture.BatchAsync(Token);
        var table = await fixture.Workspace.Tables.EnsureAsync("gold.fact_order_detail", Token);
        var runId = Guid.Parse(table.FindSummaryEntry(BatchStep.RunKey)!);
        var log = new LineageLog(fixture.Workspace.Tables.Catalog.Store);
        var document = RunDocument.Of(runId, (await log.FindAsync(runId, Token))!);
        var step = Assert.Single(document.Steps, step => step.Job == "batch.gold.fact_order_detail");
        Assert.Equal(new RunDocument.Dataset("gold.fact_order_detail", table.Current!.SnapshotId.ToString(), fixture.Expected["gold.fact_order_detail"].Rows.Count), Assert.Single(step.Writes));
        Assert.Equal(("COMPLETE", null), (document.Status, step.Error));
        Assert.Null(await log.FindAsync(Guid.NewGuid(), Token));

        Assert.Equal(0, await log.RemoveBeforeAsync(DateTimeOffset.UtcNow.AddDays(-1), Token));
        Assert.Equal(1, await log.RemoveBeforeAsync(DateTimeOffset.UtcNow.AddDays(2), Token));
        Assert.Null(await log.FindAsync(runId, Token));
    }

    static async Task<PipelineFixture> FilledAsync(long seed)
    {
        var fixture = await PipelineFixture.SyntheticAsync(80, seed, Token);
        await fixture.PublishAsync(Token);
        await new LogToBronze(fixture.Workspace).RunAsync(2, Token);
        return fixture;
    }

    /// <summary>The events of each run, as anyone can read them.</summary>
    static async Task<List<JsonElement[]>> RunsAsync(PipelineFixture fixture)
    {
        var folder = Path.Combine(new Uri(fixture.Workspace.Tables.Catalog.Store.RootUri).LocalPath, LineageLog.Folder);
        var runs = new List<JsonElement[]>();
        foreach (var file in Directory.GetFiles(folder, "*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            runs.Add([.. (await File.ReadAllLinesAsync(file, Token)).Select(line => JsonDocument.Parse(line).RootElement)]);
        return runs;
    }

    static string Type(JsonElement one) => one.GetProperty("eventType").GetString()!;
    static string Time(JsonElement one) => one.GetProperty("eventTime").GetString()!;
    static string Job(JsonElement one) => one.GetProperty("job").GetProperty("name").GetString()!;
    static string RunId(JsonElement one) => one.GetProperty("run").GetProperty("runId").GetString()!;
    static JsonElement Facet(JsonElement one, string name) => one.GetProperty("run").GetProperty("facets").GetProperty(name);
    static string VersionOf(JsonElement dataset) => dataset.GetProperty("facets").GetProperty("version").GetProperty("datasetVersion").GetString()!;
}
