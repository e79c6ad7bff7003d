using System.Text.Json.Nodes;
using Olist.Lake;
using static Olist.Pipeline.Steps.Lineage.Events;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>How messages came into a bronze table, between two of its snapshots.</summary>
/// <remarks>Ingestion commits every few seconds, so it does not tell of each commit: offsets are in the snapshots. The batch run that reads them tells of all of them as one run of the ingestion job, whose id follows from the snapshots, so that it is the same whoever tells of it.</remarks>
static class IngestEvents
{
    /// <param name="from">Excluded; <see langword="null"/>: the beginning.</param>
    public static IEnumerable<JsonObject> Of(LakeTable table, long? from, long to, DatasetFacts facts)
    {
        if (table.FindSnapshot(to) is not { } last) yield break;
        var taken = TakenOffsets.Of(table, to);
        var before = TakenOffsets.Of(table, from);
        var first = Ancestry.Of(table, to).TakeWhile(snapshot => snapshot.SnapshotId != from).Last();
        JsonArray Topics() => [.. taken.Next.Keys.Select(topic => facts.Topic(topic, taken.LogId, taken.Since(before, topic)))];

        var id = IdOf(table.Uuid.ToString(), $"{from}..{to}");
        var job = LineageNames.JobOf(table.Name.ToString());
        JsonObject Type() => new() { ["jobType"] = Facets.JobType("STREAMING", "TASK") };
        yield return Events.Of(Start, first.Timestamp, id, [], job, Type(), Topics(), [facts.Target(table)]);
        yield return Events.Of(Complete, last.Timestamp, id, [], job, Type(), Topics(), [facts.Output(table, last, RowsBetween(table, from, to))]);
    }

    static long RowsBetween(LakeTable table, long? from, long to) => Ancestry.Of(table, to).TakeWhile(snapshot => snapshot.SnapshotId != from)
        .Where(snapshot => snapshot.Operation == "append").Sum(snapshot => snapshot.Summary.TryGetValue("added-records", out var text) ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0);
}
