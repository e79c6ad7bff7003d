#nullable disable
namespace Olist.FunctionsHost.Worker;

/// <summary>When a record entered the log.</summary>
public class KafkaTimestamp
{
    public long UnixTimestampMs { get; set; }
    public KafkaTimestampType Type { get; set; }
    public DateTimeOffset DateTimeOffset => DateTimeOffset.FromUnixTimeMilliseconds(UnixTimestampMs);
}
