#nullable disable
namespace Olist.FunctionsHost.Worker;

/// <summary>A record of a topic with the raw bytes of key and value. The function owns it.</summary>
public class KafkaRecord
{
    long _unixTimestampMs;
    KafkaTimestamp _timestamp;
    bool _timestampIsSet;

    public KafkaRecord() => _timestampIsSet = true;

    internal KafkaRecord(long unixTimestampMs) => _unixTimestampMs = unixTimestampMs;

    public string Topic { get; set; }
    public int Partition { get; set; }
    public long Offset { get; set; }

    /// <summary>Null when the record has no key.</summary>
    public byte[] Key { get; set; }

    /// <summary>Null for a tombstone.</summary>
    public byte[] Value { get; set; }

    /// <summary>Made at first use: most functions look at few of them.</summary>
    public KafkaTimestamp Timestamp
    {
        get
        {
            if (!_timestampIsSet) (_timestamp, _timestampIsSet) = (new KafkaTimestamp { UnixTimestampMs = _unixTimestampMs }, true);
            return _timestamp;
        }
        set => (_timestamp, _timestampIsSet, _unixTimestampMs) = (value, true, 0);
    }

    public KafkaHeader[] Headers { get; set; }
}
