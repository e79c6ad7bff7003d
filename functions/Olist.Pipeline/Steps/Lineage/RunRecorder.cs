using System.Text;
using Olist.Lake;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>Tells of runs that are over: into the lake, and to whoever else listens.</summary>
/// <remarks>A run that dies before it is recorded has no events; each of its commits still says what it took in and names the run (<see cref="BatchStep.RunKey"/>). The app's runs do not die: the Durable backend brings them to this point.</remarks>
/// <param name="listen">Gets the events once, after they are in the lake; must return at once and never throw.</param>
public sealed class RunRecorder(LakeTables lake, LineageNames? names = null, Action<IReadOnlyList<string>>? listen = null)
{
    readonly LineageLog _log = new(lake.Catalog.Store);

    /// <summary>Tells of a run that changed or failed something; one that did neither leaves no trace. Given twice, the second time does nothing.</summary>
    public async Task RecordAsync(RunRecord record, CancellationToken cancellationToken)
    {
        if (!record.IsWorthTelling) return;
        var lines = LineageLog.Lines(await EventsOfAsync(record, cancellationToken));
        if (await _log.TryWriteAsync(record.RunId, record.StartedAt, lines, cancellationToken)) listen?.Invoke(Encoding.UTF8.GetString(lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    async Task<IEnumerable<RunEvent>> EventsOfAsync(RunRecord record, CancellationToken cancellationToken)
    {
        var tables = new Dictionary<string, LakeTable>();
        var named = record.Results.Where(result => result.Committed).SelectMany(result => result.Sources.Select(source => source.Table).Append(result.Target))
            .Concat(record.Failures.SelectMany(failure => BatchPlan.Get(failure.Target).Sources.Append(failure.Target)));
        foreach (var name in named.Distinct())
            if (await lake.FindAsync(name, cancellationToken) is { } table) tables.Add(name, table);
        return new RunEvents(record, new DatasetFacts(lake.Catalog.Store.RootUri, names ?? new LineageNames()), tables).Build();
    }
}
