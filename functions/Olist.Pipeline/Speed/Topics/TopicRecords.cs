using Olist.Formats.Columns;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Speed.Topics;

/// <summary>Decoding whole batches, past what can't be read.</summary>
static class TopicRecords
{
    /// <returns>For each row appended the record it came from. Tombstones and records that can't be read have none.</returns>
    public static List<int> Decode(RecordDecoder decoder, IReadOnlyList<ConsumedRecord> records, RowBatchBuilder rows)
    {
        var sources = new List<int>(records.Count);
        for (var i = 0; i < records.Count; i++)
        {
            if (records[i].IsTombstone) continue;
            try
            {
                decoder.Decode(records[i].Value.Span, rows);
                sources.Add(i);
            }
            catch (RecordFormatException)
            {
                // Bronze ingestion reads the same record and puts it into the dead-letter topic with its reason.
            }
        }
        return sources;
    }
}
