using System.Text;
using Olist.Formats.Columns;
using Olist.Pipeline.Model;
using Olist.Streaming;

namespace Olist.Pipeline.Steps.Bronze;

/// <summary>The columns that bronze adds to a message: when it entered the log, and where it lies there.</summary>
sealed class BronzeProvenance
{
    readonly byte[] _topic;
    readonly ValueBuilder<long> _ingestTimes;
    readonly BytesBuilder _topics;
    readonly ValueBuilder<int> _partitions;
    readonly ValueBuilder<long> _offsets;

    /// <summary>For the columns of <see cref="TableSpec.OriginColumns"/>, which are the last of every bronze table, in that order.</summary>
    public BronzeProvenance(RowBatchBuilder builder, string topic)
    {
        var first = builder.Columns.Count - TableCatalog.FindTopic(topic)!.OriginColumns.Count; // a topic without a table has no builder either
        _topic = Encoding.UTF8.GetBytes(topic);
        _ingestTimes = builder.Longs(first);
        _topics = builder.Bytes(first + 1);
        _partitions = builder.Ints(first + 2);
        _offsets = builder.Longs(first + 3);
    }

    public void Append(in ConsumedRecord record)
    {
        _ingestTimes.Append(record.TimestampMs * 1000);
        _topics.Append(_topic);
        _partitions.Append(record.Partition);
        _offsets.Append(record.Offset);
    }
}
