using Olist.Lake;
using static Olist.Pipeline.Steps.Lineage.RunEvent;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>How messages came into a bronze table, between two of its snapshots.</summary>
/// <remarks>Ingestion commits every few seconds, so it does not tell of each commit: offsets are in the snapshots. The batch run that reads them tells of all of them as one run of the ingestion job, whose id follows from the snapshots, so that it is the same whoever tells of it.</remarks>
static class IngestEvents
{
    /// <param name="from">Excluded; <see langword="null"/>: the beginning.</param>
    public static IEnumerable<RunEvent> Of(LakeTable table, long? from, long to, DatasetFacts facts)
    {
        if (table.FindSnapshot(to) is not { } last) return [];
        var line = Ancestry.Of(table, to).TakeWhile(snapshot => snapshot.SnapshotId != from).ToArray();
        var taken = TakenOffsets.Of(table, to);
        var before = TakenOffsets.Of(table, from);
        var topics = taken.Next.Keys.Select(topic => (Name: topic, Ranges: taken.Since(before, topic))).ToArray();
        var rows = line.Where(snapshot => snapshot.Operation == "append").Sum(snapshot => snapshot.Summary.TryGetValue("added-records", out var text) ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0);
        var start = new RunEvent(Start, line[^1].Timestamp, IdOf(table.Uuid.ToString(), $"{from}..{to}"), _ => { }, LineageNames.JobOf(table.Name.ToString()), ("STREAMING", "TASK"),
            inputs => Array.ForEach(topics, topic => facts.Topic(inputs, topic.Name, taken.LogId, topic.Ranges)),
            outputs => facts.Target(outputs, table));
        return [start, start with { Type = Complete, Time = last.Timestamp, Outputs = outputs => facts.Output(outputs, table, last, rows) }];
    }
}
