using System.Text.Json.Nodes;
using Olist.Lake;
using Olist.Pipeline.Steps.Batch;
using static Olist.Pipeline.Steps.Lineage.Events;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>The events of one run: the run itself, and each step that took something in, in its three beats.</summary>
/// <remarks><c>START</c> wait-for-source: which snapshots it found; <c>RUNNING</c> transform: it knows what is new, and computes; <c>COMPLETE</c> verify-target: what it read, wrote and took, and the snapshot that holds it. A failed step has <c>START</c> and <c>FAIL</c>.</remarks>
sealed class RunEvents(RunRecord record, DatasetFacts facts, IReadOnlyDictionary<string, LakeTable> tables)
{
    static JsonObject BatchType => new() { ["jobType"] = Facets.JobType("BATCH", "TASK") };

    /// <summary>In the order of time.</summary>
    public IReadOnlyList<JsonObject> Build()
    {
        var events = new List<JsonObject> { Whole(Start, record.StartedAt, new JsonObject { ["olist_run"] = Facets.Custom("RunReason", new() { ["reason"] = record.Reason }) }) };
        foreach (var range in BronzeRanges()) events.AddRange(IngestEvents.Of(range.Table, range.From, range.To, facts));
        foreach (var result in record.Results.Where(result => result.Committed)) events.AddRange(Step(result));
        foreach (var failure in record.Failures) events.AddRange(Step(failure));
        events.Add(End());
        return [.. events.OrderBy(one => (string)one["eventTime"]!, StringComparer.Ordinal)];
    }

    JsonObject End()
    {
        var facets = new JsonObject
        {
            ["olist_took"] = Took(record.Results.Sum(result => result.RowsRead), record.Results.Sum(result => result.RowsWritten), record.Results.Sum(result => result.RowsReplaced), record.EndedAt - record.StartedAt),
            ["olist_run"] = Facets.Custom("RunReason", new()
            {
                ["reason"] = record.Reason,
                ["changed"] = Names(record.Results.Where(result => result.Committed).Select(result => result.Target)),
                ["unchanged"] = Names(record.Results.Where(result => !result.Committed).Select(result => result.Target)),
                ["failed"] = Names(record.Failures.Select(failure => failure.Target)),
            }),
        };
        if (record.Failures.Count == 0) return Whole(Complete, record.EndedAt, facets);
        facets["errorMessage"] = Facets.Error(string.Join('\n', record.Failures.Select(failure => $"{failure.Target}: {failure.Message}")));
        return Whole(Fail, record.EndedAt, facets);
    }

    JsonObject Whole(string type, DateTimeOffset time, JsonObject facets) =>
        Of(type, time, record.RunId, facets, LineageNames.BatchJob, new JsonObject { ["jobType"] = Facets.JobType("BATCH", "DAG") }, [], []);

    IEnumerable<JsonObject> Step(StepResult result)
    {
        var target = tables[result.Target];
        var times = result.Times ?? new StepTimes(record.StartedAt, record.StartedAt, record.EndedAt, record.EndedAt);
        yield return Beat(Start, times.WaitForSource, result.Target, "wait-for-source", Inputs(result, withRows: false), [facts.Target(target)]);
        yield return Beat(Running, times.Transform, result.Target, "transform", Inputs(result, withRows: false), [facts.Target(target)]);
        var output = result.SnapshotId is { } id && target.FindSnapshot(id) is { } made ? facts.Output(target, made, result.RowsWritten) : facts.Target(target);
        var done = Beat(Complete, times.Done, result.Target, "verify-target", Inputs(result, withRows: true), [output]);
        done["run"]!["facets"]!["olist_took"] = Took(result.RowsRead, result.RowsWritten, result.RowsReplaced, result.Elapsed);
        yield return done;
    }

    IEnumerable<JsonObject> Step(StepFailure failure)
    {
        JsonArray Inputs() => [.. BatchPlan.Get(failure.Target).Sources.Where(tables.ContainsKey)
            .Select(source => facts.Input(tables[source], null, failure.Pins.TryGetValue(source, out var pin) ? pin : null, null))];
        JsonArray Outputs() => tables.TryGetValue(failure.Target, out var table) ? [facts.Target(table)] : [];
        yield return Beat(Start, failure.StartedAt, failure.Target, "wait-for-source", Inputs(), Outputs());
        var fail = Beat(Fail, failure.FailedAt, failure.Target, null, Inputs(), Outputs());
        fail["run"]!["facets"]!["errorMessage"] = Facets.Error(failure.Message);
        yield return fail;
    }

    JsonObject Beat(string type, DateTimeOffset time, string target, string? beat, JsonArray inputs, JsonArray outputs)
    {
        var facets = new JsonObject { ["parent"] = Facets.Parent(record.RunId, LineageNames.BatchJob) };
        if (beat is not null) facets["olist_beat"] = Facets.Custom("Beat", new() { ["beat"] = beat });
        return Of(type, time, IdOf(record.RunId.ToString(), target), facets, LineageNames.JobOf(target), BatchType, inputs, outputs);
    }

    JsonArray Inputs(StepResult result, bool withRows) => [.. result.Sources.Where(source => source.ToSnapshotId is not null && tables.ContainsKey(source.Table))
        .Select(source => facts.Input(tables[source.Table], source.FromSnapshotId, source.ToSnapshotId, withRows ? source.RowsRead : null))];

    static JsonObject Took(long read, long written, long replaced, TimeSpan elapsed) => Facets.Custom("Took", new()
    {
        ["rowsRead"] = read, ["rowsWritten"] = written, ["rowsReplaced"] = replaced, ["elapsedMilliseconds"] = Math.Round(elapsed.TotalMilliseconds, 3),
    });

    static JsonArray Names(IEnumerable<string> names) => [.. names.Select(name => (JsonNode)name)];

    /// <summary>What the run read of bronze: these tables have no run of their own that tells where their rows came from.</summary>
    IEnumerable<(LakeTable Table, long? From, long To)> BronzeRanges() => record.Results.Where(result => result.Committed).SelectMany(result => result.Sources)
        .Where(source => BatchPlan.IsExternal(source.Table) && source.ToSnapshotId is not null && source.ToSnapshotId != source.FromSnapshotId && tables.ContainsKey(source.Table))
        .Select(source => (tables[source.Table], source.FromSnapshotId, source.ToSnapshotId!.Value)).Distinct();
}
