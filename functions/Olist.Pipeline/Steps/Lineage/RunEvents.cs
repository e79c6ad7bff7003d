using System.Text.Json;
using Olist.Lake;
using Olist.Pipeline.Steps.Batch;
using static Olist.Pipeline.Steps.Lineage.RunEvent;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>The events of one run: the run itself, and each step that took something in, in its three beats.</summary>
/// <remarks><c>START</c> wait-for-source: which snapshots it found; <c>RUNNING</c> transform: it knows what is new, and computes; <c>COMPLETE</c> verify-target: what it read, wrote and took, and the snapshot that holds it. A failed step has <c>START</c> and <c>FAIL</c>.</remarks>
sealed class RunEvents(RunRecord record, DatasetFacts facts, IReadOnlyDictionary<string, LakeTable> tables)
{
    /// <summary>In the order of time.</summary>
    public IEnumerable<RunEvent> Build()
    {
        var events = new List<RunEvent> { Whole(Start, record.StartedAt, json => json.Begin("olist_run").Text("reason", record.Reason).EndOwn("RunReason")) };
        foreach (var range in BronzeRanges()) events.AddRange(IngestEvents.Of(range.Table, range.From, range.To, facts));
        foreach (var result in record.Results.Where(result => result.Committed)) events.AddRange(Step(result));
        foreach (var failure in record.Failures) events.AddRange(Step(failure));
        events.Add(Whole(record.Failures.Count == 0 ? Complete : Fail, record.EndedAt, Outcome));
        return events.OrderBy(one => one.Microseconds);
    }

    void Outcome(Utf8JsonWriter json)
    {
        Took(json, record.Results.Sum(result => result.RowsRead), record.Results.Sum(result => result.RowsWritten), record.Results.Sum(result => result.RowsReplaced), record.EndedAt - record.StartedAt);
        json.Begin("olist_run").Text("reason", record.Reason)
            .Texts("changed", record.Results.Where(result => result.Committed).Select(result => result.Target))
            .Texts("unchanged", record.Results.Where(result => !result.Committed).Select(result => result.Target))
            .Texts("failed", record.Failures.Select(failure => failure.Target)).EndOwn("RunReason");
        if (record.Failures.Count > 0) json.Error(string.Join('\n', record.Failures.Select(failure => $"{failure.Target}: {failure.Message}")));
    }

    RunEvent Whole(string type, DateTimeOffset time, Action<Utf8JsonWriter> run) => new(type, time, record.RunId, run, LineageNames.BatchJob, ("BATCH", "DAG"), _ => { }, _ => { });

    IEnumerable<RunEvent> Step(StepResult result)
    {
        var target = tables[result.Target];
        var times = result.Times ?? new StepTimes(record.StartedAt, record.StartedAt, record.EndedAt, record.EndedAt);
        var start = Begin(times.WaitForSource, result.Target, json => Inputs(json, result, withRows: false), json => facts.Target(json, target));
        yield return start;
        yield return start with { Type = Running, Time = times.Transform, Run = json => Beat(json, "transform") };
        yield return start with
        {
            Type = Complete,
            Time = times.Done,
            Run = json => Took(Beat(json, "verify-target"), result.RowsRead, result.RowsWritten, result.RowsReplaced, result.Elapsed),
            Inputs = json => Inputs(json, result, withRows: true),
            Outputs = result.SnapshotId is { } id && target.FindSnapshot(id) is { } made ? json => facts.Output(json, target, made, result.RowsWritten) : start.Outputs,
        };
    }

    IEnumerable<RunEvent> Step(StepFailure failure)
    {
        var start = Begin(failure.StartedAt, failure.Target,
            json =>
            {
                foreach (var source in BatchPlan.Get(failure.Target).Sources.Where(tables.ContainsKey)) facts.Input(json, tables[source], null, failure.Pins.TryGetValue(source, out var pin) ? pin : null, null);
            },
            json =>
            {
                if (tables.TryGetValue(failure.Target, out var table)) facts.Target(json, table);
            });
        yield return start;
        yield return start with { Type = Fail, Time = failure.FailedAt, Run = json => Child(json).Error(failure.Message) };
    }

    RunEvent Begin(DateTimeOffset time, string target, Action<Utf8JsonWriter> inputs, Action<Utf8JsonWriter> outputs) =>
        new(Start, time, IdOf(record.RunId.ToString(), target), json => Beat(json, "wait-for-source"), LineageNames.JobOf(target), ("BATCH", "TASK"), inputs, outputs);

    Utf8JsonWriter Child(Utf8JsonWriter json) => json.Parent(record.RunId, LineageNames.BatchJob);

    Utf8JsonWriter Beat(Utf8JsonWriter json, string beat) => Child(json).Begin("olist_beat").Text("beat", beat).EndOwn("Beat");

    void Inputs(Utf8JsonWriter json, StepResult result, bool withRows)
    {
        foreach (var source in result.Sources.Where(source => source.ToSnapshotId is not null && tables.ContainsKey(source.Table)))
            facts.Input(json, tables[source.Table], source.FromSnapshotId, source.ToSnapshotId, withRows ? source.RowsRead : null);
    }

    static void Took(Utf8JsonWriter json, long read, long written, long replaced, TimeSpan elapsed)
    {
        json.Begin("olist_took").Number("rowsRead", read).Number("rowsWritten", written).Number("rowsReplaced", replaced);
        json.WriteNumber("elapsedMilliseconds", Math.Round(elapsed.TotalMilliseconds, 3));
        json.EndOwn("Took");
    }

    /// <summary>What the run read of bronze: these tables have no run of their own that tells where their rows came from.</summary>
    IEnumerable<(LakeTable Table, long? From, long To)> BronzeRanges() => record.Results.Where(result => result.Committed).SelectMany(result => result.Sources)
        .Where(source => BatchPlan.IsExternal(source.Table) && source.ToSnapshotId is not null && source.ToSnapshotId != source.FromSnapshotId && tables.ContainsKey(source.Table))
        .Select(source => (tables[source.Table], source.FromSnapshotId, source.ToSnapshotId!.Value)).Distinct();
}
