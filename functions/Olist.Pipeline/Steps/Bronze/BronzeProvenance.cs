using System.Text;
using Olist.Formats.Columns;
using Olist.Streaming;

namespace Olist.Pipeline.Steps.Bronze;

/// <summary>The columns that bronze adds to a message: when it entered the log, and where it lies there.</summary>
sealed class BronzeProvenance
{
    /// <summary>The added columns, last in every bronze table.</summary>
    public static readonly IReadOnlyList<(string Name, DataType Type)> Columns =
        [("ingest_time", DataType.TimestampTz), ("_topic", DataType.String), ("_partition", DataType.Int), ("_offset", DataType.Long)];

    readonly byte[] _topic;
    readonly ValueBuilder<long> _ingestTimes;
    readonly BytesBuilder _topics;
    readonly ValueBuilder<int> _partitions;
    readonly ValueBuilder<long> _offsets;

    public BronzeProvenance(RowBatchBuilder builder, string topic)
    {
        var first = builder.Columns.Count - Columns.Count;
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
