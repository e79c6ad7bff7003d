using Olist.Formats.Columns;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Speed.Topics;

/// <summary>Decoding whole batches, past what can't be read.</summary>
static class TopicRecords
{
    /// <returns>For each row appended the record it came from. Tombstones and records that can't be read have none.</returns>
    public static int[] Decode(RecordDecoder decoder, ReadOnlySpan<ConsumedRecord> records, RowBatchBuilder rows)
    {
        var sources = new int[records.Length];
        var count = 0;
        for (var i = 0; i < records.Length; i++)
        {
            ref readonly var record = ref records[i];
            if (record.IsTombstone) continue;
            try
            {
                decoder.Decode(record.Value.Span, rows);
                sources[count++] = i;
            }
            catch (RecordFormatException)
            {
                // Bronze ingestion reads the same record and puts it into the dead-letter topic with its reason.
            }
        }
        if (count < sources.Length) Array.Resize(ref sources, count);
        return sources;
    }
}
