#nullable disable
using Olist.Streaming;

namespace Olist.FunctionsHost.Worker;

/// <summary>A record of a topic with the raw bytes of key and value. The function owns it.</summary>
/// <remarks>Made by a trigger it is a view of what the log has read; key, value and time become objects of their own at first use, as many functions look at few of them.</remarks>
public class KafkaRecord
{
    ConsumedRecord _source;
    byte[] _key;
    byte[] _value;
    KafkaTimestamp _timestamp;
    bool _keyIsSet;
    bool _valueIsSet;
    bool _timestampIsSet;

    public KafkaRecord() => _keyIsSet = _valueIsSet = _timestampIsSet = true;

    internal KafkaRecord(in ConsumedRecord source) => _source = source;

    public string Topic
    {
        get => _source.Topic;
        set => _source = _source with { Topic = value };
    }

    public int Partition
    {
        get => _source.Partition;
        set => _source = _source with { Partition = value };
    }

    public long Offset
    {
        get => _source.Offset;
        set => _source = _source with { Offset = value };
    }

    /// <summary>Null when the record has no key.</summary>
    public byte[] Key
    {
        get
        {
            if (!_keyIsSet) Key = _source.Key.IsEmpty ? null : _source.Key.ToArray();
            return _key;
        }
        set => (_key, _keyIsSet) = (value, true);
    }

    /// <summary>Null for a tombstone.</summary>
    public byte[] Value
    {
        get
        {
            if (!_valueIsSet) Value = _source.IsTombstone ? null : _source.Value.ToArray();
            return _value;
        }
        set => (_value, _valueIsSet) = (value, true);
    }

    public KafkaTimestamp Timestamp
    {
        get
        {
            if (!_timestampIsSet) Timestamp = new KafkaTimestamp { UnixTimestampMs = _source.TimestampMs };
            return _timestamp;
        }
        set => (_timestamp, _timestampIsSet) = (value, true);
    }

    public KafkaHeader[] Headers { get; set; }

    /// <summary>The record as the log has it, without headers; what the function has set counts.</summary>
    internal ConsumedRecord ToConsumed() => !_keyIsSet && !_valueIsSet && !_timestampIsSet ? _source with { Headers = [] } : new(
        Topic, Partition, Offset, _timestampIsSet ? _timestamp?.UnixTimestampMs ?? 0 : _source.TimestampMs, _keyIsSet ? _key : _source.Key, _valueIsSet ? _value : _source.Value,
        _valueIsSet ? _value is null : _source.IsTombstone, []);
}
