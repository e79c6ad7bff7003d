using Olist.Formats.Columns;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Speed.Topics;

/// <summary>Decodes a batch of records and folds the rows of each key into one value.</summary>
static class BatchGroups
{
    /// <param name="start">The value of a key before its first row.</param>
    /// <param name="add">The value after a row: its number, and the record it came from.</param>
    /// <returns>Values by the text of the first column, in the order in which the keys came.</returns>
    public static KeyValuePair<string, T>[] Fold<T>(RecordDecoder decoder, IReadOnlyList<ConsumedRecord> records, Func<T> start, Func<RowBatch, Func<T, int, ConsumedRecord, T>> add)
    {
        var builder = new RowBatchBuilder(decoder.Columns, records.Count);
        var sources = TopicRecords.Decode(decoder, records, builder);
        var rows = builder.Build();
        if (rows.RowCount == 0) return [];
        var keys = (BytesColumn)rows.Columns[0];
        var (groups, firsts) = new KeyIndex(keys).Group();
        var values = new T[firsts.Length];
        for (var group = 0; group < values.Length; group++) values[group] = start();
        var step = add(rows);
        for (var row = 0; row < rows.RowCount; row++) values[groups[row]] = step(values[groups[row]], row, records[sources[row]]);
        return [.. values.Select((value, group) => KeyValuePair.Create(keys.Find(firsts[group])!, value))];
    }
}
