using Olist.Formats.Columns;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Speed.Topics;

/// <summary>Decodes a batch of records and gathers the rows of each key in one object.</summary>
static class BatchGroups
{
    /// <summary>Adds what a row tells to the object of its key.</summary>
    /// <param name="record">The record that the row came from.</param>
    public delegate void Add<in T>(T gathered, int row, in ConsumedRecord record);

    /// <param name="add">Made for the rows, so that columns are found once.</param>
    /// <returns>Objects by the text of the first column, in the order in which the keys came.</returns>
    public static KeyValuePair<string, T>[] Fold<T>(RecordDecoder decoder, IReadOnlyList<ConsumedRecord> records, Func<RowBatch, Add<T>> add) where T : new()
    {
        var all = records as ConsumedRecord[] ?? [.. records];
        var builder = new RowBatchBuilder(decoder.Columns, all.Length);
        var sources = TopicRecords.Decode(decoder, all, builder);
        var rows = builder.Build();
        if (rows.RowCount == 0) return [];
        var keys = (BytesColumn)rows.Columns[0];
        var (groups, firsts) = new KeyIndex(keys).Group();
        var gathered = new KeyValuePair<string, T>[firsts.Length];
        for (var group = 0; group < gathered.Length; group++) gathered[group] = KeyValuePair.Create(keys.Find(firsts[group])!, new T());
        var step = add(rows);
        for (var row = 0; row < groups.Length; row++) step(gathered[groups[row]].Value, row, in all[sources[row]]);
        return gathered;
    }
}
