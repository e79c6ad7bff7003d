#nullable disable
using Olist.Streaming;

namespace Olist.FunctionsHost.Worker;

/// <summary>A record of a topic with the raw bytes of key and value. The function owns it.</summary>
/// <remarks>Made by a trigger it is a place in what the log has read; key, value and time become objects of their own at first use, as many functions look at few of them.</remarks>
public class KafkaRecord
{
    static readonly ConsumedRecord[] Nothing = [default];

    ConsumedRecord[] _batch;
    int _index;
    byte[] _key;
    byte[] _value;
    KafkaTimestamp _timestamp;
    bool _keyIsSet;
    bool _valueIsSet;
    bool _timestampIsSet;

    public KafkaRecord()
    {
        _batch = Nothing;
        _keyIsSet = _valueIsSet = _timestampIsSet = true;
    }

    /// <param name="batch">Never changed by anyone.</param>
    internal KafkaRecord(ConsumedRecord[] batch, int index) => (_batch, _index) = (batch, index);

    public string Topic
    {
        get => Source.Topic;
        set => Replace(Source with { Topic = value });
    }

    public int Partition
    {
        get => Source.Partition;
        set => Replace(Source with { Partition = value });
    }

    public long Offset
    {
        get => Source.Offset;
        set => Replace(Source with { Offset = value });
    }

    /// <summary>Null when the record has no key.</summary>
    public byte[] Key
    {
        get
        {
            if (!_keyIsSet) Key = Source.Key.IsEmpty ? null : Source.Key.ToArray();
            return _key;
        }
        set => (_key, _keyIsSet) = (value, true);
    }

    /// <summary>Null for a tombstone.</summary>
    public byte[] Value
    {
        get
        {
            if (!_valueIsSet) Value = Source.IsTombstone ? null : Source.Value.ToArray();
            return _value;
        }
        set => (_value, _valueIsSet) = (value, true);
    }

    public KafkaTimestamp Timestamp
    {
        get
        {
            if (!_timestampIsSet) Timestamp = new KafkaTimestamp { UnixTimestampMs = Source.TimestampMs };
            return _timestamp;
        }
        set => (_timestamp, _timestampIsSet) = (value, true);
    }

    public KafkaHeader[] Headers { get; set; }

    ref readonly ConsumedRecord Source => ref _batch[_index];

    bool IsAsRead => !_keyIsSet && !_valueIsSet && !_timestampIsSet;

    /// <summary>The record as the log has it, without headers; what the function has set counts.</summary>
    internal ConsumedRecord ToConsumed() => IsAsRead ? Source with { Headers = [] } : new(
        Topic, Partition, Offset, _timestampIsSet ? _timestamp?.UnixTimestampMs ?? 0 : Source.TimestampMs, _keyIsSet ? _key : Source.Key, _valueIsSet ? _value : Source.Value,
        _valueIsSet ? _value is null : Source.IsTombstone, []);

    /// <summary>What the records were made of, if they are all of it, in order, as they were, and nothing of it has headers; otherwise null.</summary>
    internal static ConsumedRecord[] FindBatch(KafkaRecord[] records)
    {
        if (records.Length == 0 || records[0] is not { } first || first._batch.Length != records.Length) return null;
        var batch = first._batch;
        for (var i = 0; i < records.Length; i++)
            if (records[i] is not { IsAsRead: true } record || record._batch != batch || record._index != i || batch[i].Headers.Count > 0) return null;
        return batch;
    }

    /// <summary>What the log has read is for all who read it.</summary>
    void Replace(in ConsumedRecord source) => (_batch, _index) = ([source], 0);
}
