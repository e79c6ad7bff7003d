using Olist.Formats;
using Olist.Formats.Columns;
using Olist.Lake;
using Olist.Pipeline.Steps.Tables;
using Olist.Streaming;
using Olist.Pipeline.Steps.Topics;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Steps.Bronze;

/// <summary>What became of a batch of records.</summary>
/// <param name="Rows">Rows committed.</param>
/// <param name="DeadLetters">Records that could not be read and went to the dead-letter topic.</param>
/// <param name="Repeated">Records that the table had already.</param>
public sealed record IngestResult(long Rows, long DeadLetters, long Repeated);

/// <summary>Takes records of a bronze topic into its table: each exactly once, whatever is delivered again.</summary>
/// <remarks>One commit per call, with rows and offsets together. Calls for different topics may run at once; calls for one topic, here or in another process, are safe
/// as long as each partition is delivered in order to one of them at a time, as consumer groups do.
/// Durable steps: dead letters are in their topic before the commit; the commit; the caller's own offset commit, which may be lost without harm.</remarks>
public sealed class BronzeIngest(LakeTables lake, TopicDecoders decoders, IEventLog log, string logId)
{
    public async Task<IngestResult> IngestAsync(string topic, IReadOnlyList<ConsumedRecord> records, CancellationToken cancellationToken)
    {
        var name = "bronze." + topic;
        var table = await lake.EnsureAsync(name, cancellationToken);
        var start = SourceOffsets.Of(table);
        SourceOffsets.RequireSameLog(table.Name, start.LogId, logId);

        var decoder = decoders.For(topic);
        var builder = new RowBatchBuilder(table.Columns, records.Count);
        var provenance = new BronzeProvenance(builder, topic);
        var next = new Dictionary<int, long>();
        long dead = 0, repeated = 0;
        await using var deadLetters = new DeadLetters(log);
        foreach (var record in records)
        {
            var expected = next.TryGetValue(record.Partition, out var seen) ? seen : start.NextOf(record.Partition);
            if (record.Offset < expected)
            {
                repeated++;
                continue;
            }
            if (record.Offset > expected)
                throw new PipelineException(
                    $"{topic}[{record.Partition}] goes on at offset {record.Offset}, but {name} has taken in only what is before {expected}: records between them would be lost. " +
                    "Set the consumer group back to the table's offsets (the app does so when it starts), or, if the records are gone for good, roll the table forward by hand.");
            next[record.Partition] = record.Offset + 1;
            try
            {
                decoder.Decode(record.Value.Span, builder);
            }
            catch (RecordFormatException exception)
            {
                deadLetters.Append(record, exception.GetType().Name, exception.Message);
                dead++;
                continue;
            }
            provenance.Append(record);
        }
        if (next.Count == 0) return new IngestResult(0, 0, repeated);

        await deadLetters.FlushAsync(cancellationToken);
        var rows = builder.Build();
        await table.CommitAsync(new TableChange
        {
            Append = rows.RowCount > 0 ? [rows] : [],
            SummaryOf = head => SourceOffsets.Of(head).Advance(logId, next).SummaryEntries(),
            Validate = head => RequireUnmoved(table, head, start, next.Keys),
        }, cancellationToken);
        return new IngestResult(rows.RowCount, dead, repeated);
    }

    static void RequireUnmoved(LakeTable table, CommitHead head, SourceOffsets start, IEnumerable<int> partitions)
    {
        var now = SourceOffsets.Of(head);
        foreach (var partition in partitions)
            if (now.NextOf(partition) != start.NextOf(partition))
                throw new CommitConflictException(
                    $"{table.Name} took in partition {partition} up to offset {now.NextOf(partition)} meanwhile; this batch began at {start.NextOf(partition)}. Another instance has the partition now: read it again from there.");
    }
}
